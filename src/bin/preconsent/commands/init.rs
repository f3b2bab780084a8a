//! `preconsent init`: a commented `preconsent.yaml` to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use anyhow::{Context, Result, anyhow};

use crate::config::FILE_NAME;
use crate::exit::Exit;
use crate::output::print;

/// Every key, all of them commented out but the target.
const TEMPLATE: &str = include_str!("init.yaml");

/// Runs the command.
pub(super) fn run() -> Result<Exit> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(FILE_NAME)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                anyhow!("{FILE_NAME} is there already; move it away first")
            }
            _ => anyhow!(error).context(format!("{FILE_NAME} cannot be created")),
        })?;
    file.write_all(TEMPLATE.as_bytes())
        .with_context(|| format!("{FILE_NAME} cannot be written"))?;
    print(
        format!("wrote {FILE_NAME}; name your site in it, then run: preconsent scan\n").as_bytes(),
    )?;
    Ok(Exit::Pass)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;
    use crate::config::Config;

    /// The template with every commented key switched on. Keys that exclude each other are written
    /// with two signs, and stay off.
    fn everything() -> String {
        TEMPLATE
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_template_is_a_valid_configuration() {
        let config = Config::parse("init.yaml", TEMPLATE).expect("as written");
        assert_eq!(config.targets(&[]).expect("targets").len(), 1);
        Config::parse("init.yaml", &everything()).expect("with every key switched on");
    }

    #[test]
    fn the_template_shows_every_flag_of_scan() {
        let shown: BTreeSet<String> = TEMPLATE
            .lines()
            .map(|l| l.trim_start_matches("#: ").trim_start_matches("## "))
            .filter_map(|l| l.split_once(':').map(|(key, _)| key.to_owned()))
            .collect();
        let command = Cli::command();
        let scan = command.find_subcommand("scan").expect("scan");
        for flag in scan.get_arguments().filter_map(|a| a.get_long()) {
            assert!(shown.contains(flag), "--{flag} is not in init.yaml");
        }
    }
}
