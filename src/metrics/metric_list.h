// Every metric of Levee, declared once: the code, the Prometheus text and docs/metrics.md come from this list.
#pragma once

// X(id, kind, name, labels, help). Units stand in the names: _seconds, _bytes, _total. Metrics of one name differ in
// their labels and follow each other. A kSpan is a step within an operation that only a trace shows; histograms
// are spans too.
#define LEVEE_METRICS(X)                                                                                          \
  X(kOpenSeconds, kHistogram, "levee_open_seconds", "", "Pinning a table at a version, with whatever sync it takes.") \
  X(kScanSeconds, kHistogram, "levee_scan_seconds", "", "Scans, from the first block looked at to the last batch.")   \
  X(kCountSeconds, kHistogram, "levee_count_seconds", "", "Counts of files, without fetching any of them.")          \
  X(kBindSeconds, kHistogram, "levee_bind_seconds", "", "Parsing and binding predicates, remembered ones too.")      \
  X(kScanFiles, kCounter, "levee_scan_files_total", "", "Files that scans returned or counted.")                     \
  X(kScanSegments, kCounter, "levee_scan_segments_total", "outcome=\"looked_at\"", "Segments that scans met.")       \
  X(kScanSegmentsSkipped, kCounter, "levee_scan_segments_total", "outcome=\"skipped\"", "Segments that scans met.")  \
  X(kScanBlocks, kCounter, "levee_scan_blocks_total", "outcome=\"looked_at\"", "Blocks of 1,024 files that scans met.") \
  X(kScanBlocksSkipped, kCounter, "levee_scan_blocks_total", "outcome=\"skipped\"", "Blocks of 1,024 files that scans met.") \
  X(kScanReadBytes, kCounter, "levee_scan_read_bytes_total", "", "Encoded bytes that scans read from the store.")    \
  X(kScanBlocksDecoded, kCounter, "levee_scan_blocks_decoded_total", "", "Blocks of single columns that scans decoded.") \
  X(kAnswersShared, kCounter, "levee_answers_shared_total", "", "Questions answered by an equal one that was asked at the same time.") \
  X(kAnswersAwaited, kGauge, "levee_answers_awaited", "", "Questions that wait for the answer of an equal one.")     \
  X(kScanRestarts, kCounter, "levee_scan_restarts_total", "", "Scans that began again, because compaction took a segment away.") \
  X(kSyncSeconds, kHistogram, "levee_sync_seconds", "", "Catching up with new commits, without first imports.")      \
  X(kSyncCommits, kCounter, "levee_sync_commits_total", "", "Commits applied by syncs.")                             \
  X(kImportSeconds, kHistogram, "levee_import_seconds", "", "Imports: first syncs and older versions filled in.")    \
  X(kImportFiles, kCounter, "levee_import_files_total", "", "File entries that imports wrote.")                      \
  X(kPublishSeconds, kHistogram, "levee_publish_seconds", "", "Publishing commits, the wait for the disk included.") \
  X(kCompactionSeconds, kHistogram, "levee_compaction_seconds", "", "Compactions that changed something.")           \
  X(kLogRequestsStat, kCounter, "levee_log_requests_total", "kind=\"stat\"", "Requests to where tables' logs are kept.") \
  X(kLogRequestsList, kCounter, "levee_log_requests_total", "kind=\"list\"", "Requests to where tables' logs are kept.") \
  X(kLogRequestsRead, kCounter, "levee_log_requests_total", "kind=\"read\"", "Requests to where tables' logs are kept.") \
  X(kLogRequestsPut, kCounter, "levee_log_requests_total", "kind=\"put\"", "Requests to where tables' logs are kept.")  \
  X(kLogReadBytes, kCounter, "levee_log_read_bytes_total", "", "Bytes read from tables' logs, Parquet checkpoints apart.") \
  X(kHttpSeconds, kHistogram, "levee_http_seconds", "", "Single requests to clouds, until their last byte.")      \
  X(kHttpRequests, kCounter, "levee_http_requests_total", "", "Requests sent to clouds, each attempt and each request for credentials.") \
  X(kHttpRetries, kCounter, "levee_http_retries_total", "", "Requests to clouds that were sent again.")             \
  X(kHttpReceivedBytes, kCounter, "levee_http_received_bytes_total", "", "Bytes of clouds' answers.")               \
  X(kStoreConnections, kGauge, "levee_store_connections", "", "Connections to the store that are open.")             \
  X(kStoreBusy, kCounter, "levee_store_busy_total", "", "Operations that gave up because the store stayed locked.")   \
  X(kStoreCommits, kCounter, "levee_store_transactions_total", "", "Write transactions committed.")  \
  X(kLookAtLogSpan, kSpan, "look_at_log", "", "Asking the log whether it has a newer commit.")  \
  X(kParseCommitSpan, kSpan, "parse_commit", "", "Parsing the actions of one commit or compacted file.")  \
  X(kReadCheckpointSpan, kSpan, "read_checkpoint", "", "Reading a row group of a checkpoint, or a JSON manifest.")  \
  X(kSortRunSpan, kSpan, "sort_run", "", "Sorting one run of an import and writing it down.")  \
  X(kMergeRunsSpan, kSpan, "merge_runs", "", "Merging sorted runs into segments.")  \
  X(kEncodeSegmentSpan, kSpan, "encode_segment", "", "Choosing encodings for a segment's columns and encoding them.")  \
  X(kPlanSpan, kSpan, "plan", "", "Applying the planner's rules to a question.")  \
  X(kLoadLayoutSpan, kSpan, "load_layout", "", "Reading which segments and tail commits a table has.")  \
  X(kZoneMapsSpan, kSpan, "zone_maps", "", "Evaluating a predicate over zone maps.")  \
  X(kEvaluateSpan, kSpan, "evaluate", "", "Evaluating a predicate over the entries of a segment or of the tail.")  \
  X(kFetchSpan, kSpan, "fetch", "", "Fetching the columns of chosen entries.")  \
  X(kCommitSpan, kSpan, "commit_transaction", "", "Committing a write transaction, which syncs it to the disk.")
