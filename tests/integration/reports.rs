//! Reports through the public interface: what people see, what programs read, and that nothing
//! hostile gets through.

mod hostile;
mod json;
mod markdown;
mod table;

use preconsent::model::report::Report;
use preconsent::report::{Format, Style, render};

/// A report as text, 80 columns wide and without colour.
fn text(report: &Report, format: Format) -> String {
    styled(report, format, 80, false)
}

fn styled(report: &Report, format: Format, width: usize, color: bool) -> String {
    let bytes = render(report, format, Style { width, color });
    String::from_utf8(bytes).expect("reports are UTF-8")
}
