//! Reading catalogue files.

use std::path::Path;

use super::Catalogue;
use crate::yaml::YamlError;

/// Adds the providers of a directory of YAML files (`*.yaml`, `*.yml`, in name order, subfolder
/// `catalogue/` too) to `base`; a provider with the id of a known one replaces it.
///
/// # Errors
/// [`YamlError`] for the first file that cannot be used, or if two entries tie.
pub fn add_directory(_base: Catalogue, _directory: &Path) -> Result<Catalogue, YamlError> {
    unimplemented!()
}
