// How many items are there, by namespace.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace levee::memory {

struct NamespaceTotal {
  std::int64_t items = 0, content_bytes = 0;
};

// By an Interner's numbers. Not thread-safe.
class Totals {
 public:
  void Add(std::uint32_t name_space, std::int64_t items, std::int64_t content_bytes) {
    NamespaceTotal& total = by_namespace_[name_space];
    total.items += items;
    total.content_bytes += content_bytes;
    all_.items += items;
    all_.content_bytes += content_bytes;
  }
  NamespaceTotal Of(std::uint32_t name_space) const {
    const auto at = by_namespace_.find(name_space);
    return at == by_namespace_.end() ? NamespaceTotal() : at->second;
  }
  const NamespaceTotal& all() const { return all_; }
  // Namespaces that are empty now among them.
  const std::unordered_map<std::uint32_t, NamespaceTotal>& by_namespace() const { return by_namespace_; }

 private:
  std::unordered_map<std::uint32_t, NamespaceTotal> by_namespace_;
  NamespaceTotal all_;
};

}  // namespace levee::memory
