#include "store/store.h"

namespace levee::store {

void ScanCounters::Add(const ScanCounters& part) {
  segments += part.segments;
  segments_skipped += part.segments_skipped;
  blocks += part.blocks;
  blocks_skipped += part.blocks_skipped;
  entries_evaluated += part.entries_evaluated;
  entries_selected += part.entries_selected;
  tail_entries += part.tail_entries;
  bytes_read += part.bytes_read;
  column_blocks_decoded += part.column_blocks_decoded;
  cache_hits += part.cache_hits;
  column_blocks_encoded += part.column_blocks_encoded;
  index_segments += part.index_segments;
  index_blocks += part.index_blocks;
  index_entries += part.index_entries;
  zone_ns += part.zone_ns;
  evaluate_ns += part.evaluate_ns;
  fetch_ns += part.fetch_ns;
}

}  // namespace levee::store
