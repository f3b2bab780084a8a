//! One request and its answer's head: where to connect, what certificates to take, which failure
//! it was.
//!
//! Redirects are never followed here and no cookie is kept. Proxies of the environment are not
//! used, only the one that was asked for, so that an answer is the site's own. Where a `--resolve` rule applies, the request goes
//! through a client that connects to the rule's address only: the library's resolver is asked for
//! names without their port, and a port in the URL would override the rule's, so the port is moved
//! from the URL to the `Host` header.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve as DnsResolve, Resolving};
use reqwest::header::{ACCEPT_LANGUAGE, HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, Proxy, Response, redirect};
use url::{Host, Url};

use crate::engine::EngineError;
use crate::engine::crypto;
use crate::engine::emulation::{Emulation, UserAgent};
use crate::engine::options::{Options, Resolve};
use crate::model::fault::FaultKind;

/// What sites are told. A name of its own would be met with other pages by sites that serve
/// browsers and turn tools away.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
     (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

/// More than any browser takes; the library's own limit of 100 is less.
const MAX_HEADERS: usize = 1000;

/// Longest wait for a connection; the deadline of the request may be nearer.
const CONNECT: Duration = Duration::from_secs(10);

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The fault it is for a page.
    pub(super) kind: FaultKind,
    /// What went wrong, without the address.
    pub(super) reason: String,
}

impl Failure {
    pub(super) fn new(kind: FaultKind, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { kind, reason }
    }

    /// Whatever the library says, as a fault with a name.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let causes: Vec<&(dyn StdError + 'static)> =
            std::iter::successors(error.source(), |e| (*e).source()).collect();
        let any = |is: fn(&(dyn StdError + 'static)) -> bool| causes.iter().any(|e| is(*e));
        let reason = causes
            .last()
            .map_or_else(|| error.to_string(), ToString::to_string);
        let kind = if error.is_timeout() {
            FaultKind::Timeout
        } else if any(is_tls) {
            FaultKind::TlsError
        } else if error.is_dns() {
            FaultKind::DnsFailure
        } else if error.is_connect() || any(is_cut) {
            FaultKind::ConnectionFailed
        } else {
            FaultKind::LoadFailed
        };
        Self { kind, reason }
    }
}

/// Looks into I/O errors too: they give their inner error's source, not the error itself.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    match io.and_then(std::io::Error::get_ref) {
        Some(inner) => is_tls(inner),
        None => error.is::<rustls::Error>(),
    }
}

/// Whether the other side ended the connection before its answer was complete.
fn is_cut(error: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind;
    let cut = error.downcast_ref::<std::io::Error>().is_some_and(|e| {
        matches!(
            e.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::UnexpectedEof
        )
    });
    cut || error.to_string().contains("connection closed")
}

/// Makes requests by the options.
pub(super) struct Network {
    resolve: Vec<Resolve>,
    insecure: bool,
    emulation: Emulation,
    direct: Client,
    /// One per place that rules lead to.
    mapped: Mutex<HashMap<(String, u16), Client>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network")
            .field("resolve", &self.resolve)
            .finish_non_exhaustive()
    }
}

impl Network {
    /// Sets up the client for hosts without a rule.
    pub(super) fn new(options: &Options) -> Result<Self, EngineError> {
        crypto::choose();
        let direct = builder(options.insecure, &options.emulation)?
            .build()
            .map_err(|e| EngineError::Http(Failure::of(&e).reason))?;
        Ok(Self {
            resolve: options.resolve.clone(),
            insecure: options.insecure,
            emulation: options.emulation.clone(),
            direct,
            mapped: Mutex::default(),
        })
    }

    /// The visitor's own headers for a request of a visit to `target`.
    pub(super) fn extra_headers(&self, target: &Url, url: &Url) -> HeaderMap {
        let extra = self.emulation.headers_for(target, url.as_str()).iter();
        extra
            .filter_map(|header| {
                let name = HeaderName::try_from(header.name()).ok()?;
                Some((name, HeaderValue::from_str(header.value()).ok()?))
            })
            .collect()
    }

    /// Sends one GET request and waits for the head of the answer.
    pub(super) async fn get(&self, url: &Url, headers: HeaderMap) -> Result<Response, Failure> {
        let (client, url, host) = self.route(url)?;
        let mut request = client.get(url).headers(headers);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        request.send().await.map_err(|e| Failure::of(&e))
    }

    /// The client, the address to give it, and the `Host` header if it must be given.
    fn route(&self, url: &Url) -> Result<(Client, Url, Option<String>), Failure> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Failure::new(
                FaultKind::LoadFailed,
                "the address has no host",
            ));
        };
        let name = match host {
            Host::Ipv6(address) => address.to_string(),
            ref other => other.to_string(),
        };
        let Some((to_host, to_port)) = Resolve::lookup(&self.resolve, &name, port) else {
            return Ok((self.direct.clone(), url.clone(), None));
        };
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let mut moved = url.clone();
        let done = if matches!(host, Host::Domain(_)) {
            moved.set_port(None)
        } else {
            // Addresses by number skip every resolver, so the number itself is exchanged.
            let bracketed = if to_host.contains(':') {
                format!("[{to_host}]")
            } else {
                to_host.clone()
            };
            moved
                .set_host(Some(&bracketed))
                .map_err(|_| ())
                .and_then(|()| moved.set_port(Some(to_port)))
        };
        done.map_err(|()| Failure::new(FaultKind::LoadFailed, "the address cannot be mapped"))?;
        Ok((self.mapped(to_host, to_port)?, moved, Some(authority)))
    }

    fn mapped(&self, host: String, port: u16) -> Result<Client, Failure> {
        let mut clients = self.mapped.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&(host.clone(), port)) {
            return Ok(client.clone());
        }
        let client = builder(self.insecure, &self.emulation)
            .map_err(|e| Failure::new(FaultKind::LoadFailed, e.to_string()))?
            // HTTP/2 would take the authority from the URL, which has lost its port.
            .http1_only()
            .dns_resolver(Fixed {
                host: host.clone(),
                port,
            })
            .build()
            .map_err(|e| Failure::of(&e))?;
        clients.insert((host, port), client.clone());
        Ok(client)
    }
}

fn builder(insecure: bool, emulation: &Emulation) -> Result<ClientBuilder, EngineError> {
    let failed = |error: &dyn StdError| EngineError::Http(error.to_string());
    let mut headers = HeaderMap::new();
    let languages = languages(emulation);
    let languages = HeaderValue::from_str(&languages).map_err(|e| failed(&e))?;
    headers.insert(ACCEPT_LANGUAGE, languages);
    let builder = match &emulation.proxy {
        None => Client::builder().no_proxy(),
        Some(proxy) => {
            // Names are resolved where the proxy is, as browsers let it.
            let address = proxy.as_str().replacen("socks5://", "socks5h://", 1);
            Client::builder().proxy(Proxy::all(address).map_err(|e| failed(&e))?)
        }
    };
    Ok(builder
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent(user_agent(emulation))
        .default_headers(headers)
        .connect_timeout(CONNECT)
        .http1_max_headers(MAX_HEADERS)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .tls_danger_accept_invalid_certs(insecure))
}

/// What sites are told of the visitor's browser.
pub(super) fn user_agent(emulation: &Emulation) -> &str {
    let asked = emulation.user_agent.as_ref();
    asked.map_or(USER_AGENT, UserAgent::as_str)
}

/// The languages that are accepted, as a header says it: `de-DE,de;q=0.9`.
fn languages(emulation: &Emulation) -> String {
    let Some(locale) = &emulation.locale else {
        return "en-GB,en;q=0.9".to_owned();
    };
    let locale = locale.as_str();
    match locale.split_once('-') {
        Some((language, _)) => format!("{locale},{language};q=0.9"),
        None => locale.to_owned(),
    }
}

/// A resolver that knows one place only.
struct Fixed {
    host: String,
    port: u16,
}

impl DnsResolve for Fixed {
    fn resolve(&self, _name: Name) -> Resolving {
        let (host, port) = (self.host.clone(), self.port);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), port))
                .await?
                .collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
