//! Objects of which the beginning is damaged or missing: their names say what they were.

use super::place::Place;

/// A whole object in `fine.o`.
fn compiled() -> (Place, Vec<u8>) {
    let place = Place::new(&[("fine.wat", "(module (func (export \"f\")))")]);
    place.run(&["compile", "fine.wat", "-o", "fine.o"]).expect(0, &[]);
    let object = std::fs::read(place.path("fine.o")).expect("an object");
    (place, object)
}

#[test]
fn what_is_called_an_object_is_not_taken_for_a_script() {
    let (place, object) = compiled();
    let magic = [b"XELF", &object[4..]].concat();
    for (name, bytes, what) in [
        ("magic.o", &magic[..], "a damaged object: it does not begin like an ELF file"),
        ("cut.o", &object[..3], "a truncated object: it ends before its first header does"),
        ("empty.o", &[], "a truncated object: it ends before its first header does"),
    ] {
        place.write(name, bytes);
        for (command, code) in [("run", 3), ("objdump", 1)] {
            place.run(&[command, name]).expect(code, &[&format!("failed to read {name}: {what}")]);
        }
        let run = place.run(&["triage", name]);
        run.expect(3, &[&format!("{name}: malformed\n"), "layer:     object\n", "none, it is not run\n"]);
    }
}

/// Only the content tells what a file is that begins like something else.
#[test]
fn a_script_may_be_called_like_an_object() {
    let (place, object) = compiled();
    place.write("text.o", "\n(module (func (export \"f\")))");
    place.run(&["triage", "text.o"]).expect(0, &["text.o: no fault found\n"]);
    place.run(&["run", "text.o", "--invoke", "f"]).expect(0, &[]);
    // And without the name, nothing says that it was an object.
    place.write("magic", [b"XELF", &object[4..]].concat());
    place.run(&["run", "magic"]).expect(3, &["neither a module nor text"]);
}
