//! Files that are sent as they are: what authors upload, and what a theme brings along.
//!
//! The record of a file says what it is; its bytes lie in parts named by their hash, which are
//! written first: a crash leaves the old file or the new one, and equal files lie there once.

use crate::error::ReadError;
use crate::etag::ETag;
use crate::key::Key;
use crate::record;
use crate::request::{Method, Request};
use crate::response::{Body, Cache, Response, Sink};
use crate::store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_128;

/// The length of every part but the last, in bytes.
pub const PART_BYTES: usize = 384 * 1024;

/// The largest file, in bytes: Akamai's limit of 10 MiB a request, less room for what else an
/// instance holds.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The version of [`Media`].
const VERSION: u8 = 2;

/// What a file is, without its bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Media {
    /// Its length, in bytes.
    pub length: u64,
    /// The hash of its bytes.
    pub hash: u128,
    /// When it was published, in seconds since 1970.
    pub written: i64,
    /// The hashes of its parts.
    parts: Vec<u128>,
}

impl Media {
    /// Writes the parts of a file; nothing refers to them until the record is set.
    pub fn write_parts(store: &impl Store, bytes: &[u8], now: i64) -> Result<Self, StoreError> {
        let mut parts = Vec::with_capacity(bytes.len().div_ceil(PART_BYTES));
        for part in bytes.chunks(PART_BYTES) {
            let hash = xxh3_128(part);
            store.set(&part_key(hash), part.to_vec())?;
            parts.push(hash);
        }
        Ok(Self {
            length: bytes.len() as u64,
            hash: xxh3_128(bytes),
            written: now,
            parts,
        })
    }

    /// The file of a record.
    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }

    /// The bytes of the record.
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    /// Whether all parts are there with the bytes they are named for; holds one at a time.
    pub fn is_whole(&self, store: &impl Store) -> Result<bool, StoreError> {
        let mut length = 0;
        for hash in &self.parts {
            match store.get(&part_key(*hash))? {
                Some(part) if xxh3_128(&part) == *hash => length += part.len() as u64,
                _ => return Ok(false),
            }
        }
        Ok(length == self.length)
    }

    /// The keys of its parts, in order.
    pub fn part_keys(&self) -> impl Iterator<Item = String> {
        self.parts.iter().map(|hash| part_key(*hash))
    }
}

/// The key of an uploaded file.
pub fn key(name: &str) -> String {
    Key::Media(name.to_owned()).to_string()
}

/// The key of a file of the theme.
pub fn theme_key(name: &str) -> String {
    Key::Theme(name.to_owned()).to_string()
}

/// The keys that the parts of a file with these bytes have.
pub fn part_keys_of(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes
        .chunks(PART_BYTES)
        .map(|part| part_key(xxh3_128(part)))
}

/// Whether the bytes under the key of a part are those it is named for.
pub fn is_intact(key: &str, part: &[u8]) -> bool {
    key == part_key(xxh3_128(part))
}

fn part_key(hash: u128) -> String {
    Key::Part(hash).to_string()
}

/// A whole file.
pub fn whole(media_type: &'static str, file: &Media) -> Response {
    let mut response = Response::new(200, media_type, Vec::new())
        .with_tag(ETag(file.hash))
        .with("last-modified", crate::date::http(file.written));
    response.body = body(file, 0..file.length);
    // Browsers show these by viewers of their own, which do not start in a sandbox.
    let has_viewer = ["application/pdf", "audio/", "video/"];
    if has_viewer.iter().any(|own| media_type.starts_with(own)) {
        return response;
    }
    response.with_content_security_policy(SANDBOX)
}

/// An HTML or SVG file could run script with the rights of the blog's own pages.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

fn body(file: &Media, range: Range<u64>) -> Body {
    let parts: Vec<String> = file.part_keys().collect();
    Body::stream(Some(range.end - range.start), move |store, sink| {
        send(store, &parts, &range, sink)
    })
}

/// Gives the bytes of a range, part by part.
fn send(
    store: &dyn Store,
    parts: &[String],
    range: &Range<u64>,
    sink: Sink<'_>,
) -> Result<(), StoreError> {
    for (n, key) in parts.iter().enumerate() {
        let first = (n * PART_BYTES) as u64;
        let from = range.start.max(first);
        let to = range.end.min(first + PART_BYTES as u64);
        if from >= to {
            continue;
        }
        let part = store.get(key)?.unwrap_or_default();
        let within = (from - first) as usize..(to - first) as usize;
        match part.get(within) {
            Some(piece) if is_intact(key, &part) => {
                if sink(piece).is_break() {
                    break;
                }
            }
            // Better an answer that breaks off than one with other bytes.
            _ => return Err(StoreError(format!("{key} is missing or damaged"))),
        }
    }
    Ok(())
}

/// A file, or the range of it that was asked for: players ask for a film in pieces.
pub fn answer(name: &str, file: &Media, request: &Request) -> Response {
    let mut response = whole(media_type(name), file)
        .with("accept-ranges", "bytes")
        .cached(Cache::Seconds(3600));
    // If-Range: a range is of use only to someone who holds the rest of this very file.
    let outdated = request
        .header("if-range")
        .is_some_and(|held| Some(held) != response.header("etag"));
    // A range is asked for by GET alone, and after the other conditions (RFC 9110, 13.2.2).
    let takes_range = request.method == Method::Get && !outdated && !response.is_held(request);
    let asked = request.header("range").filter(|_| takes_range);
    match asked.map_or(Slice::All, |range| slice(range, file.length)) {
        Slice::All => response,
        Slice::None => Response::new(
            416,
            "text/plain; charset=utf-8",
            b"no such range\n".as_slice(),
        )
        .with("content-range", format!("bytes */{}", file.length))
        .cached(Cache::Never),
        Slice::Some(part) => {
            let header = format!("bytes {}-{}/{}", part.start, part.end - 1, file.length);
            response.status = 206;
            response.body = body(file, part);
            response.with("content-range", header)
        }
    }
}

/// What of a file was asked for.
enum Slice {
    All,
    /// At least one byte.
    Some(Range<u64>),
    None,
}

/// `bytes=a-b`, `bytes=a-` or `bytes=-n`; whatever else is there is answered with the whole
/// file, as RFC 9110, 14.2 allows.
fn slice(range: &str, length: u64) -> Slice {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Slice::All;
    };
    let (from, to) = match (position(first), position(last)) {
        (Some(from), Some(last)) if last >= from => (from, length.min(last.saturating_add(1))),
        (Some(from), None) if last.is_empty() => (from, length),
        (None, Some(n)) if first.is_empty() => (length.saturating_sub(n), length),
        _ => return Slice::All,
    };
    if from < to {
        Slice::Some(from..to)
    } else {
        Slice::None
    }
}

/// A number of digits alone; one that is too large is behind the end of every file.
fn position(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// The media type of a file name. Text is UTF-8; what is not known is only to be saved.
pub fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "avif" => "image/avif",
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "gif" => "image/gif",
        "htm" | "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpeg" | "jpg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "m4a" => "audio/mp4",
        "md" => "text/markdown; charset=utf-8",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webm" => "video/webm",
        "webp" => "image/webp",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "xml" => "application/xml; charset=utf-8",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
