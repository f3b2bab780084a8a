//! How many bytes an observation takes in a record, so that the whole stays bounded.

use std::io::{self, Write};

use crate::model::observation::{Event, StorageWrite, Writer};

/// How much room an event takes: of writes, which may be many and large, the texts and something for
/// the rest, of others as much as they are long as JSON.
pub(super) fn weight(event: &Event) -> usize {
    match event {
        Event::StorageWrite(write) => weight_of_write(write),
        Event::CookieWrite(write) => {
            let texts = [
                &write.raw,
                &write.url,
                &write.cookie.name,
                &write.cookie.value,
            ];
            texts.map(String::len).iter().sum::<usize>() + weight_of_writer(&write.writer) + REST
        }
        other => json_length(other),
    }
}

/// What a write takes besides its texts.
const REST: usize = 200;

pub(super) fn weight_of_write(write: &StorageWrite) -> usize {
    let texts = [&write.origin, &write.name, &write.value];
    texts.map(String::len).iter().sum::<usize>() + weight_of_writer(&write.writer) + REST
}

fn weight_of_writer(writer: &Writer) -> usize {
    let frames = writer.stack.iter();
    let stack: usize = frames.map(|f| f.url.len() + f.function.len() + 40).sum();
    stack + writer.url.as_ref().map_or(0, String::len)
}

/// How long something is as JSON.
fn json_length(thing: &impl serde::Serialize) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // What cannot be written is not kept out for that.
    let _ = serde_json::to_writer(&mut count, thing);
    count.0
}
