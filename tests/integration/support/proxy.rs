//! A proxy that leads every host to the test sites, for http (`CONNECT`) and for SOCKS 5 on one port.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use preconsent::testsite::TestSite;
use tokio::io::{self, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A proxy at work; it ends when dropped.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _end: DropGuard,
}

impl Proxy {
    /// Starts it in front of these sites.
    pub(crate) async fn start(site: &TestSite) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let end = CancellationToken::new();
        let (to, seen, token) = (site.https(), Arc::clone(&asked), end.clone());
        tokio::spawn(token.run_until_cancelled_owned(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, to, Arc::clone(&seen)));
            }
        }));
        Self {
            address,
            asked,
            _end: end.drop_guard(),
        }
    }

    /// The places that were asked for, as `host:port`, sorted, each once.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().expect("the list").clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

async fn serve(client: TcpStream, to: SocketAddr, seen: Arc<Mutex<Vec<String>>>) -> io::Result<()> {
    let mut client = BufReader::new(client);
    let first = client.fill_buf().await?.first().copied();
    let place = if first == Some(5) {
        socks(&mut client).await?
    } else {
        connect(&mut client).await?
    };
    seen.lock().expect("the list").push(place);
    let mut server = TcpStream::connect(to).await?;
    io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// `CONNECT host:port HTTP/1.1`, headers, an empty line.
async fn connect(client: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut request = String::new();
    client.read_line(&mut request).await?;
    let mut line = String::new();
    while client.read_line(&mut line).await? > 2 {
        line.clear();
    }
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let place = request.split(' ').nth(1).unwrap_or_default();
    Ok(place.to_owned())
}

/// RFC 1928 without authentication, for names.
async fn socks(client: &mut BufReader<TcpStream>) -> io::Result<String> {
    client.read_u8().await?;
    let methods = client.read_u8().await?;
    client.read_exact(&mut vec![0; methods.into()]).await?;
    client.write_all(&[5, 0]).await?;
    let mut head = [0; 5];
    client.read_exact(&mut head).await?;
    assert_eq!(head[3], 3, "a name, to be resolved by the proxy");
    let mut name = vec![0; head[4].into()];
    client.read_exact(&mut name).await?;
    let port = client.read_u16().await?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    Ok(format!("{}:{port}", String::from_utf8_lossy(&name)))
}
