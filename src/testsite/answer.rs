//! Answers requests: the `Host` header picks the site, the site's routes and files the answer.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::case::{self, Route};
use super::{Options, files, tawk};

/// The hosts of the cases.
const SHOP: &str = ".shop.test";
/// The host that serves consent platforms from disk.
const CMP: &str = "cmp.test";

/// A request that came.
#[derive(Debug, Clone)]
pub(super) struct SeenRequest {
    /// The `Host` header's name.
    pub(super) host: String,
    /// Path and query.
    pub(super) path: String,
    /// All headers.
    pub(super) headers: HeaderMap,
}

/// What all requests share.
#[derive(Debug)]
pub(super) struct State {
    cmp_root: Option<PathBuf>,
    requests: Mutex<Vec<SeenRequest>>,
    /// Ends the websockets, which outlive the connections that they came from.
    pub(super) stop: CancellationToken,
}

impl State {
    /// Checks the options.
    pub(super) fn new(options: Options, stop: CancellationToken) -> io::Result<Self> {
        let cmp_root = options.cmp_dir.map(|dir| {
            dir.canonicalize().map_err(|error| {
                let place = dir.display();
                io::Error::new(
                    error.kind(),
                    format!("cannot serve consent platforms from {place}: {error}"),
                )
            })
        });
        Ok(Self {
            cmp_root: cmp_root.transpose()?,
            requests: Mutex::default(),
            stop,
        })
    }

    /// The requests so far.
    pub(super) fn requests(&self) -> Vec<SeenRequest> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn record(&self, host: &str, request: &Request) {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(SeenRequest {
                host: host.to_owned(),
                path: path.to_owned(),
                headers: request.headers().clone(),
            });
    }
}

/// The names that the certificate is made for.
pub(super) fn host_names() -> Vec<String> {
    let fixed = ["*.shop.test", "*.tawk.to", "tawk.to", CMP].map(str::to_owned);
    let folders = files::folders();
    let others = folders
        .iter()
        .filter_map(|folder| folder.strip_prefix("_hosts/"));
    fixed.into_iter().chain(others.map(str::to_owned)).collect()
}

/// Answers one request.
pub(super) async fn answer(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request,
) -> Response {
    let host = host_of(request.headers());
    state.record(&host, &request);
    if tawk::is_host(&host) {
        return tawk::answer(&host, request, &state.stop).await;
    }
    if host == CMP {
        return platform_file(state.cmp_root.as_ref(), request.uri().path()).await;
    }
    match folder_of(&host) {
        Some(folder) => from_folder(&folder, request.uri().path()).await,
        None => not_found(&format!("no site is called {host}")),
    }
}

/// The `Host` header's name: lower case, without port and trailing dot.
fn host_of(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host
        .unwrap_or_default()
        .rsplit_once(':')
        .map_or(host.unwrap_or_default(), |(name, _)| name);
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// The folder that stands for a host.
fn folder_of(host: &str) -> Option<String> {
    let folder = match host.strip_suffix(SHOP) {
        Some(case) if !case.starts_with('_') => case.to_owned(),
        Some(_) => return None,
        None => format!("_hosts/{host}"),
    };
    (!host.contains(['/', '\\']) && !host.contains("..") && files::is_folder(&folder))
        .then_some(folder)
}

async fn platform_file(root: Option<&PathBuf>, path: &str) -> Response {
    let Some(root) = root else {
        return not_found("this server was started without consent platforms");
    };
    match files::read_below(root, path).await {
        Ok(contents) => {
            let mut response = file_response(path, Bytes::from(contents));
            // As networks for packages do: scripts that are modules are read with leave only.
            let anyone = HeaderValue::from_static("*");
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
            response
        }
        Err(_) => not_found("no such file among the consent platforms"),
    }
}

async fn from_folder(folder: &str, path: &str) -> Response {
    match case::site(folder).and_then(|site| site.routes.get(path)) {
        Some(route) => by_route(folder, path, route).await,
        None => match files::find(folder, path) {
            Some((name, contents)) => file_response(&name, Bytes::from_static(contents)),
            None => not_found("no such page in this shop"),
        },
    }
}

async fn by_route(folder: &str, path: &str, route: &Route) -> Response {
    tokio::time::sleep(Duration::from_millis(route.delay_ms)).await;
    let mut response = match (&route.body, &route.file) {
        (Some(body), _) => file_response("body.html", Bytes::from(body.clone())),
        (None, Some(file)) => named_file(folder, file),
        (None, None) => files::find(folder, path)
            .map(|(name, contents)| file_response(&name, Bytes::from_static(contents)))
            .unwrap_or_default(),
    };
    if let Some(status) = route
        .status
        .and_then(|code| StatusCode::from_u16(code).ok())
    {
        *response.status_mut() = status;
    }
    add_headers(response.headers_mut(), &route.headers);
    if route.endless {
        endless(response)
    } else {
        response
    }
}

fn named_file(folder: &str, file: &str) -> Response {
    let path = match file.strip_prefix('/') {
        Some(below_sites) => below_sites.to_owned(),
        None => format!("{folder}/{file}"),
    };
    match files::get(&path) {
        Some(contents) => file_response(&path, Bytes::from_static(contents)),
        None => not_found(&format!("the route names {path}, which does not exist")),
    }
}

/// Adds header lines; the first line of a name replaces what the file alone would have said.
fn add_headers(headers: &mut HeaderMap, lines: &[(String, String)]) {
    for (name, _) in lines {
        headers.remove(name.as_str());
    }
    for (name, value) in lines {
        let name = HeaderName::try_from(name.as_str());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
}

/// The same answer, but its body never ends.
fn endless(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    let body = body.into_data_stream().chain(stream::pending());
    Response::from_parts(parts, Body::from_stream(body))
}

/// A file. It must be asked for again at each visit, so that a reload shows in the request log.
pub(super) fn file_response(name: &str, contents: Bytes) -> Response {
    let headers = [
        (CONTENT_TYPE, files::media_type(name)),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, contents).into_response()
}

/// A 404 that says why.
pub(super) fn not_found(reason: &str) -> Response {
    let text = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::NOT_FOUND, text, format!("{reason}\n")).into_response()
}
