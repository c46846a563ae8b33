//! Sockets.

use super::{Attempt, SCOPE, SECCOMP, TCP, parent};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub(super) const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "connect-tcp",
        action: "connect to port 9 of this machine",
        refused_by: &[SECCOMP, TCP],
        succeeds_otherwise: false,
        run: || TcpStream::connect((Ipv4Addr::LOCALHOST, 9)).map(drop),
    },
    Attempt {
        name: "listen-tcp",
        action: "listen at a port of this machine",
        refused_by: &[SECCOMP, TCP],
        succeeds_otherwise: false,
        run: || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map(drop),
    },
    Attempt {
        name: "send-udp",
        action: "send a datagram to port 9 of this machine",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.send_to(b"x", (Ipv4Addr::LOCALHOST, 9)).map(drop),
    },
    Attempt {
        name: "connect-abstract-socket",
        action: "connect to an abstract socket of the parent",
        refused_by: &[SECCOMP, SCOPE],
        succeeds_otherwise: true,
        run: || UnixStream::connect_addr(&abstract_address(parent())?).map(drop),
    },
    Attempt {
        name: "connect-socket",
        action: "connect to a socket in the file system",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || UnixStream::connect("/dev/log").map(drop),
    },
];

fn abstract_address(process: libc::pid_t) -> io::Result<SocketAddr> {
    SocketAddr::from_abstract_name(format!("trapline-attempt-{process}"))
}

/// The socket of this process that its children try to connect to.
///
/// # Errors
///
/// When there is one already, or the system refuses.
pub fn listen() -> io::Result<UnixListener> {
    UnixListener::bind_addr(&abstract_address(std::process::id().cast_signed())?)
}
