//! Keeping what a scan sees: each visit is written as soon as it is over and the manifest after it, so
//! that an interrupted scan leaves whole evidence of what it did see. A visit that comes to something
//! else beside the others is written again.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use futures_util::future::BoxFuture;
use preconsent::engine::{Engine, EngineError};
use preconsent::model::choice::Method;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::seal::seal;
use preconsent::model::target::Target;
use preconsent::model::visit::Visit;
use preconsent::scan::questions::Questions;
use preconsent::store::manifest::{Evidence, Kind, Manifest};
use preconsent::store::{WriteError, Written, har, prepare_folder, recording, screenshot};

use crate::args::RecordArgs;
use crate::setup::Knowledge;

/// The folder that a scan is recorded in.
pub(crate) struct Recorder {
    folder: PathBuf,
    /// Values are kept in clear.
    values: bool,
    har: bool,
    manifest: Mutex<Manifest>,
    failed: Mutex<Option<WriteError>>,
}

impl Recorder {
    /// Creates the folder. What is in it already is not vouched for any more.
    pub(crate) fn new(folder: &Path, args: &RecordArgs, manifest: Manifest) -> Result<Self> {
        prepare_folder(folder)?;
        Manifest::remove(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            values: args.record_values.unwrap_or(false),
            har: args.har.unwrap_or(false),
            manifest: Mutex::new(manifest),
            failed: Mutex::default(),
        })
    }

    /// The same engine, with its visits written down. `number` is the target's, counted from 1.
    pub(crate) fn around<'a>(
        &'a self,
        engine: &'a dyn Engine,
        number: usize,
        knowledge: &'a Knowledge,
    ) -> Recording<'a> {
        Recording {
            recorder: self,
            engine,
            number,
            knowledge,
        }
    }

    /// Whether everything was written so far.
    fn check(&self) -> Result<()> {
        locked(&self.failed)
            .take()
            .map_or(Ok(()), |e| Err(e.into()))
    }

    /// Writes the manifest for the last time, and returns its SHA-256.
    ///
    /// # Errors
    /// The first one of all that was to be written; the manifest then says that the scan did not come
    /// to its end.
    pub(crate) fn finish(&self, complete: bool) -> Result<String> {
        self.check()?;
        let mut manifest = locked(&self.manifest);
        manifest.complete = complete;
        Ok(manifest.write(&self.folder)?.sha256)
    }

    /// Where everything is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn keep(&self, number: usize, visit: &Visit) -> Result<(), WriteError> {
        let name = recording::stem(number, visit);
        let mut files = vec![(
            Kind::Recording,
            recording::write(&self.folder, &name, visit)?,
        )];
        if self.har {
            files.push((Kind::Har, har::write(&self.folder, &name, visit)?));
        }
        for picture in &visit.screenshots {
            let written = screenshot::write(&self.folder, &name, picture)?;
            files.push((Kind::Screenshot, written));
        }
        let mut manifest = locked(&self.manifest);
        let engine = format!("{} {}", visit.engine.name, visit.engine.product);
        if !manifest.engines.contains(&engine) {
            manifest.engines.push(engine);
        }
        for (kind, written) in files {
            manifest.add(evidence(visit, kind, written));
        }
        manifest.write(&self.folder).map(drop)
    }
}

fn evidence(visit: &Visit, kind: Kind, written: Written) -> Evidence {
    Evidence {
        name: written.name,
        kind,
        url: visit.url.to_string(),
        scenario: visit.scenario,
        bytes: written.bytes,
        sha256: written.sha256,
    }
}

/// Names the picture of the page that was taken just before something was pressed.
fn name_picture(number: usize, visit: &mut Visit) {
    let pressed = visit.choice.at_ms.is_some() && visit.choice.method != Some(Method::Seeded);
    let begun = PhaseId::begun_by(visit.choice.asked);
    let before = visit.phases.iter().take_while(|phase| phase.id != begun);
    let Some(before) = before.last().filter(|_| pressed) else {
        return;
    };
    let stem = recording::stem(number, visit);
    if visit.screenshots.iter().any(|s| s.phase == before.id) {
        let name = screenshot::name(&stem, before.id);
        let told = format!("the page just before: {name}");
        visit.choice.evidence.push(told);
    }
}

/// Nobody panics while holding one of these, and what is in them stays good if somebody did.
fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An engine whose visits are written down.
pub(crate) struct Recording<'a> {
    recorder: &'a Recorder,
    engine: &'a dyn Engine,
    number: usize,
    knowledge: &'a Knowledge,
}

impl Recording<'_> {
    fn keep(&self, target: &Target, visit: &Visit) {
        let kept = if self.recorder.values {
            self.recorder.keep(self.number, visit)
        } else {
            let redactor = self.knowledge.redactor(target);
            let questions = Questions::of(&self.knowledge.catalogue, &self.knowledge.recipes);
            let sealed = seal(visit, &redactor, &questions);
            self.recorder.keep(self.number, &sealed)
        };
        if let Err(error) = kept {
            locked(&self.recorder.failed).get_or_insert(error);
        }
    }
}

impl Engine for Recording<'_> {
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move {
            let mut visit = self.engine.visit(target, scenario).await?;
            name_picture(self.number, &mut visit);
            self.keep(target, &visit);
            Ok(visit)
        })
    }

    /// What is recorded is what is judged: the recording is replaced.
    fn compared(&self, target: &Target, visit: &Visit) {
        self.keep(target, visit);
    }
}

#[cfg(test)]
mod tests;
