// The metrics in Prometheus' text format, version 0.0.4.
#pragma once

#include <string>

namespace levee::metrics {

// Every metric of the list, HELP and TYPE before each name. Histograms give cumulative buckets at powers of
// two from 1 us to 64 s, their sum and their count, in seconds. What the process's memory budget counts follows.
std::string PrometheusText();

}  // namespace levee::metrics
