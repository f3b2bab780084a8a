//! Keeping what a scan sees: each visit is written as soon as it is over, so that an interrupted scan
//! leaves whole recordings of what it did see.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use futures_util::future::BoxFuture;
use preconsent::engine::{Engine, EngineError};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::seal::seal;
use preconsent::model::target::Target;
use preconsent::model::visit::Visit;
use preconsent::store::{WriteError, prepare_folder, recording};

use crate::args::RecordArgs;
use crate::setup::Knowledge;

/// The folder that a scan is recorded in.
pub(crate) struct Recorder {
    folder: PathBuf,
    /// Values are kept in clear.
    values: bool,
    failed: Mutex<Option<WriteError>>,
}

impl Recorder {
    /// Creates the folder.
    pub(crate) fn new(folder: &Path, args: &RecordArgs) -> Result<Self> {
        prepare_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            values: args.record_values.unwrap_or(false),
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
    pub(crate) fn check(&self) -> Result<()> {
        self.failed().take().map_or(Ok(()), |e| Err(e.into()))
    }

    fn write(&self, number: usize, visit: &Visit) {
        let name = recording::stem(number, visit);
        if let Err(error) = recording::write(&self.folder, &name, visit) {
            self.failed().get_or_insert(error);
        }
    }

    fn failed(&self) -> MutexGuard<'_, Option<WriteError>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        if self.recorder.values {
            self.recorder.write(self.number, visit);
            return;
        }
        let redactor = self.knowledge.redactor(target);
        let questions = self.knowledge.catalogue.value_questions();
        let sealed = seal(visit, &redactor, &questions);
        self.recorder.write(self.number, &sealed);
    }
}

impl Engine for Recording<'_> {
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move {
            let visit = self.engine.visit(target, scenario).await?;
            self.keep(target, &visit);
            Ok(visit)
        })
    }
}
