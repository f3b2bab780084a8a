//! What is kept on disk: recordings are whole or refused.

mod gaps;
mod har;
mod manifest;
mod recording;
mod sealed;

use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use preconsent::model::visit::Visit;

use crate::support::visits::{PAGE, Story};

/// A visit with something of everything in it.
fn some_visit() -> Visit {
    let (page, pixel) = (
        "https://shop.test/app.js",
        "https://tracker.test/p.gif?u=0123456789abcdef",
    );
    Story::reject()
        .header(20, PAGE, "PHPSESSID=k2j3; Path=/; HttpOnly; Secure")
        .script(160, page, "id=0123456789abcdef; Max-Age=60")
        .set(200, page, "name", "a value")
        .asks(300, "1", "GET", pixel)
        .answers(350, "1", pixel, 200)
        .set(1_200, page, "name", "another value")
        .build()
}

/// The text of a compressed file.
fn unpacked(path: &Path) -> String {
    let file = std::fs::File::open(path).expect("a file");
    let mut text = String::new();
    GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("gzip");
    text
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("written");
    gzip.finish().expect("written")
}
