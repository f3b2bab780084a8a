//! Moving DevTools messages: over the pipe of a browser that we started (no open port, and closing
//! it ends the browser), or over a websocket to one that is already running.

use std::io;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How many incoming messages may wait; beyond that the browser has to wait.
const INCOMING: usize = 1024;

/// Both directions of a transport, each a queue of JSON texts. The incoming queue ends when the
/// browser is gone.
pub(crate) struct Wire {
    /// Messages for the browser. Never blocks, so that calls are sent in the order they are made.
    pub(crate) outgoing: mpsc::UnboundedSender<String>,
    /// Messages from the browser.
    pub(crate) incoming: mpsc::Receiver<String>,
}

/// A transport over the two ends of a pipe; messages end with a zero byte.
pub(crate) fn pipe(
    reader: impl AsyncRead + Unpin + Send + 'static,
    mut writer: impl AsyncWrite + Unpin + Send + 'static,
) -> Wire {
    let (outgoing, mut to_send) = mpsc::unbounded_channel::<String>();
    let (received, incoming) = mpsc::channel(INCOMING);
    tokio::spawn(async move {
        while let Some(text) = to_send.recv().await {
            let mut bytes = text.into_bytes();
            bytes.push(0);
            if writer.write_all(&bytes).await.is_err() {
                break;
            }
        }
    });
    tokio::spawn(async move {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(0, &mut bytes).await, Ok(n) if n > 0) {
            if bytes.last() == Some(&0) {
                bytes.pop();
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes.clear();
            if received.send(text).await.is_err() {
                break;
            }
        }
    });
    Wire { outgoing, incoming }
}

/// A transport over a websocket (`ws://…`).
///
/// # Errors
/// If the connection cannot be made.
pub(crate) async fn websocket(url: &str) -> io::Result<Wire> {
    // Snapshots of large storages make large messages.
    let config = WebSocketConfig::default()
        .max_message_size(Some(512 << 20))
        .max_frame_size(Some(512 << 20));
    let (socket, _) = tokio_tungstenite::connect_async_with_config(url, Some(config), true)
        .await
        .map_err(io::Error::other)?;
    let (mut sink, mut stream) = socket.split();
    let (outgoing, mut to_send) = mpsc::unbounded_channel::<String>();
    let (received, incoming) = mpsc::channel(INCOMING);
    tokio::spawn(async move {
        while let Some(text) = to_send.recv().await {
            if sink.send(Message::text(text)).await.is_err() {
                break;
            }
        }
        // A socket that breaks while closing is closed all the same.
        let _ = sink.close().await;
    });
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Text(text) = message
                && received.send(text.to_string()).await.is_err()
            {
                break;
            }
        }
    });
    Ok(Wire { outgoing, incoming })
}
