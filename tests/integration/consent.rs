//! Banners in a real browser, platforms as installed, and what recipes say of them.

mod dom;
mod platforms;
