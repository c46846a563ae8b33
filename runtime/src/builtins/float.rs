//! Rounding, for processors without an instruction for it.

use super::Vmctx;

/// Makes a NaN quiet and keeps the rest of it, as the arithmetic instructions do.
macro_rules! rounding {
    ($($name:ident: $ty:ty, $round:ident, $quiet:literal;)*) => {$(
        pub(crate) fn $name(_: &mut Vmctx, value: $ty) -> $ty {
            if value.is_nan() { <$ty>::from_bits(value.to_bits() | $quiet) } else { value.$round() }
        }
    )*};
}

rounding! {
    f32_ceil: f32, ceil, 0x0040_0000;
    f32_floor: f32, floor, 0x0040_0000;
    f32_trunc: f32, trunc, 0x0040_0000;
    f32_nearest: f32, round_ties_even, 0x0040_0000;
    f64_ceil: f64, ceil, 0x0008_0000_0000_0000;
    f64_floor: f64, floor, 0x0008_0000_0000_0000;
    f64_trunc: f64, trunc, 0x0008_0000_0000_0000;
    f64_nearest: f64, round_ties_even, 0x0008_0000_0000_0000;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_signs_and_quiets_nans() {
        let vmctx = &mut Vmctx(std::ptr::null_mut());
        assert_eq!(f32_ceil(vmctx, -0.5).to_bits(), (-0.0f32).to_bits());
        assert_eq!(f64_floor(vmctx, -0.5), -1.0);
        assert_eq!(f64_trunc(vmctx, -1.9), -1.0);
        assert_eq!(f32_nearest(vmctx, 2.5), 2.0);
        assert_eq!(f32_nearest(vmctx, 3.5), 4.0);
        assert_eq!(f64_nearest(vmctx, -0.5).to_bits(), (-0.0f64).to_bits());
        assert_eq!(f64_nearest(vmctx, 4_503_599_627_370_497.0), 4_503_599_627_370_497.0);
        assert_eq!(f32_floor(vmctx, f32::NEG_INFINITY), f32::NEG_INFINITY);
        assert_eq!(f32_ceil(vmctx, f32::from_bits(0xffa0_0001)).to_bits(), 0xffe0_0001);
        assert_eq!(
            f64_nearest(vmctx, f64::from_bits(0x7ff4_0000_0000_0002)).to_bits(),
            0x7ffc_0000_0000_0002
        );
    }
}
