//! delta-kernel-rs on one of Levee's jobs: kernel_reader JOB TABLE REPEAT
//!
//! Jobs: `filtered` and `list` at the newest version, `older` (filtered, 50 versions back), `land` (REPEAT commits
//! taken in one by one, a filtered list after each). The question stands in TABLE/query.json. Prints
//! `{"answer": files, "cold_s": seconds, "warm_s": [seconds]}` as benchmarks/peers.py does: `cold_s` is from opening
//! the table to the answer; `warm_s` asks again with the snapshot kept, or holds one time for each commit landed.
use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use delta_kernel::expressions::{Expression, Predicate, Scalar, column_expr};
use delta_kernel::scan::StatsOptions;
use delta_kernel::snapshot::SnapshotRef;
use delta_kernel::{Engine, Snapshot};
use delta_kernel_default_engine::DefaultEngineBuilder;
use delta_kernel_default_engine::storage::store_from_url;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Question {
    predicate: Arc<Predicate>,
    newest: u64,
}

impl Question {
    fn read(path: &str) -> Outcome<Question> {
        let text: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let number = |name: &str| text[name].as_i64().ok_or(format!("{path}: no number {name}"));
        let date: NaiveDate = text["date"].as_str().ok_or(format!("{path}: no date"))?.parse()?;
        let days = (date - NaiveDate::default()).num_days(); // the default is 1970-01-01
        let on_date =
            Predicate::eq(column_expr!("date"), Expression::literal(Scalar::Date(i32::try_from(days)?)));
        let from = Predicate::ge(column_expr!("id"), Expression::literal(number("id_lo")?));
        let to = Predicate::le(column_expr!("id"), Expression::literal(number("id_hi")?));
        let newest = u64::try_from(number("version")?)?;
        Ok(Question { predicate: Arc::new(Predicate::and_from([on_date, from, to])), newest })
    }
}

struct Reader<'a> {
    engine: &'a dyn Engine,
    url: String,
    predicate: Option<Arc<Predicate>>,
}

impl Reader<'_> {
    fn open(&self, version: Option<u64>) -> Outcome<SnapshotRef> {
        let builder = Snapshot::builder_for(self.url.as_str());
        let builder = if let Some(version) = version { builder.at_version(version) } else { builder };
        Ok(builder.build(self.engine)?)
    }

    /// The files that a scan of `snapshot` keeps. A row past the end of a selection vector is kept.
    fn count(&self, snapshot: &SnapshotRef) -> Outcome<usize> {
        // A plain list needs no statistics: with none asked for, the kernel does not read them.
        let stats = if self.predicate.is_some() { StatsOptions::default() } else { StatsOptions::none() };
        let scan = snapshot
            .clone()
            .scan_builder()
            .with_predicate(self.predicate.clone())
            .with_stats(stats)
            .build()?;
        scan.scan_metadata(self.engine)?.try_fold(0, |files, batch| {
            let batch = batch?.scan_files;
            let dropped = batch.selection_vector().iter().filter(|kept| !**kept).count();
            Ok(files + batch.data().len() - dropped)
        })
    }

    /// Opens, answers, and asks again `repeat` times of the same snapshot.
    fn ask(&self, version: Option<u64>, repeat: usize) -> Outcome<Value> {
        let start = Instant::now();
        let snapshot = self.open(version)?;
        let answer = self.count(&snapshot)?;
        let cold = start.elapsed().as_secs_f64();
        let mut warm = Vec::with_capacity(repeat);
        for _ in 0..repeat {
            let start = Instant::now();
            self.count(&snapshot)?;
            warm.push(start.elapsed().as_secs_f64());
        }
        Ok(json!({"answer": answer, "cold_s": cold, "warm_s": warm}))
    }

    /// Goes from `newest - commits` to `newest` one version at a time, each from the snapshot before it.
    fn land(&self, newest: u64, commits: usize) -> Outcome<Value> {
        let first = newest.checked_sub(commits as u64).ok_or("more commits than versions")?;
        let start = Instant::now();
        let mut snapshot = self.open(Some(first))?;
        let mut answer = self.count(&snapshot)?;
        let cold = start.elapsed().as_secs_f64();
        let mut warm = Vec::with_capacity(commits);
        for version in first + 1..=newest {
            let start = Instant::now();
            snapshot = Snapshot::builder_from(snapshot).at_version(version).build(self.engine)?;
            answer = self.count(&snapshot)?;
            warm.push(start.elapsed().as_secs_f64());
        }
        Ok(json!({"answer": answer, "cold_s": cold, "warm_s": warm}))
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, table, repeat] = arguments.as_slice() else {
        return Err("usage: kernel_reader filtered|list|older|land TABLE REPEAT".into());
    };
    let repeat: usize = repeat.parse()?;
    let question = Question::read(&format!("{table}/query.json"))?;
    let url = delta_kernel::try_parse_uri(table)?;
    let engine = DefaultEngineBuilder::new(store_from_url(&url)?).build();
    let predicate = (job != "list").then_some(question.predicate);
    let reader = Reader { engine: &engine, url: url.into(), predicate };
    let out = match job.as_str() {
        "filtered" | "list" => reader.ask(None, repeat)?,
        "older" => reader.ask(Some(question.newest.checked_sub(50).ok_or("no version 50 back")?), repeat)?,
        "land" => reader.land(question.newest, repeat)?,
        other => return Err(format!("unknown job {other}").into()),
    };
    println!("{out}");
    Ok(())
}
