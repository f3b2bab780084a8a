//! Moving DevTools messages: over the pipe of a browser that we started (no open port, and closing
//! it ends the browser), or over a websocket to one that is already running.

use std::io;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How many incoming messages may wait; beyond that the browser has to wait.
const INCOMING: usize = 1024;

/// How many bytes of them may wait, wherever they are on their way: a page that writes large values
/// without end must not fill our memory.
const ROOM: u32 = 48 << 20;

/// The largest message. A full storage area written with escapes is half as large; whatever sends
/// more is taken for broken.
const MAX_MESSAGE: usize = 128 << 20;

/// Both directions of a transport, each a queue of JSON texts. The incoming queue ends when the
/// browser is gone.
pub(crate) struct Wire {
    /// Messages for the browser. Never blocks, so that calls are sent in the order they are made.
    pub(crate) outgoing: mpsc::UnboundedSender<String>,
    /// Messages from the browser.
    pub(crate) incoming: mpsc::Receiver<Received>,
}

/// A message from the browser.
pub(crate) struct Received {
    /// The JSON text.
    pub(crate) text: String,
    /// The room it takes, to be held as long as anything of it waits to be looked at.
    pub(crate) room: Room,
}

/// Room for a message; dropping it lets others in.
pub(crate) type Room = OwnedSemaphorePermit;

/// Passes messages on, each when there is room for it.
struct Intake {
    room: Arc<Semaphore>,
    received: mpsc::Sender<Received>,
}

impl Intake {
    fn new(received: mpsc::Sender<Received>) -> Self {
        let room = Arc::new(Semaphore::new(ROOM as usize));
        Self { room, received }
    }

    /// Whether anybody still listens.
    async fn take(&self, text: String) -> bool {
        // One that is larger than all the room goes alone.
        let size = u32::try_from(text.len()).map_or(ROOM, |size| size.min(ROOM));
        let Ok(room) = Arc::clone(&self.room).acquire_many_owned(size).await else {
            return false;
        };
        self.received.send(Received { text, room }).await.is_ok()
    }
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
        let intake = Intake::new(received);
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        loop {
            let mut bytes = Vec::new();
            let mut message = (&mut reader).take(MAX_MESSAGE as u64);
            // What has no end is cut off, by the end of the browser or by its size.
            if message.read_until(0, &mut bytes).await.is_err() || bytes.pop() != Some(0) {
                break;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if !intake.take(text).await {
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
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
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
        let intake = Intake::new(received);
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Text(text) = message
                && !intake.take(text.to_string()).await
            {
                break;
            }
        }
    });
    Ok(Wire { outgoing, incoming })
}

/// A browser for tests that gives the same answer to each call of a method and refuses where that is
/// `Null`.
#[cfg(test)]
pub(crate) fn scripted(answer: impl Fn(&str) -> serde_json::Value + Send + 'static) -> Wire {
    use serde_json::{Value, json};

    replying(
        move |call| match answer(call["method"].as_str().unwrap_or_default()) {
            Value::Null => Some(json!({"error": {"message": "refused"}})),
            result => Some(json!({"result": result})),
        },
    )
}

/// A browser for tests that replies to each call as a whole, and hangs where there is no reply.
#[cfg(test)]
pub(crate) fn replying(
    reply: impl Fn(&serde_json::Value) -> Option<serde_json::Value> + Send + 'static,
) -> Wire {
    use serde_json::Value;

    let (outgoing, mut calls) = mpsc::unbounded_channel::<String>();
    let (received, incoming) = mpsc::channel(INCOMING);
    tokio::spawn(async move {
        let intake = Intake::new(received);
        while let Some(text) = calls.recv().await {
            let call: Value = serde_json::from_str(&text).unwrap_or_default();
            let Some(mut reply) = reply(&call) else {
                continue;
            };
            reply["id"] = call["id"].clone();
            if !intake.take(reply.to_string()).await {
                break;
            }
        }
    });
    Wire { outgoing, incoming }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_end_with_a_zero_byte_and_the_rest_is_no_message() {
        let mut wire = pipe(&b"{\"a\":1}\0{}\0{\"half"[..], tokio::io::sink());
        let mut texts = Vec::new();
        while let Some(received) = wire.incoming.recv().await {
            texts.push(received.text);
        }
        assert_eq!(texts, ["{\"a\":1}", "{}"]);
    }

    #[tokio::test]
    async fn large_messages_wait_until_there_is_room_for_them() {
        let message = format!("{}\0", "x".repeat(ROOM as usize));
        let two = std::io::Cursor::new(message.repeat(2).into_bytes());
        let mut wire = pipe(two, tokio::io::sink());
        let first = wire.incoming.recv().await.expect("a message");
        tokio::task::yield_now().await;
        assert!(wire.incoming.try_recv().is_err(), "no room");
        drop(first.room);
        assert!(wire.incoming.recv().await.is_some());
    }
}
