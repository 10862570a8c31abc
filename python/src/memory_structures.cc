#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "levee/memory.h"
#include "memory.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

void DefineItems(nb::module_& module) {
  nb::class_<Item>(module, "Item")
      .def(nb::init<>())
      .def_rw("id", &Item::id)
      .def_rw("name_space", &Item::name_space)
      .def_rw("category", &Item::category)
      .def_rw("content", &Item::content)
      .def_rw("tags", &Item::tags)
      .def_rw("metadata", &Item::metadata)
      .def_rw("embedding", &Item::embedding)
      .def_rw("embedding_model", &Item::embedding_model)
      .def_rw("version", &Item::version)
      .def_rw("vector_clock", &Item::vector_clock)
      .def_rw("created", &Item::created)
      .def_rw("updated", &Item::updated)
      .def_rw("expires", &Item::expires, nb::arg().none())
      .def_rw("checksum", &Item::checksum);
  nb::class_<ItemVersion>(module, "ItemVersion")
      .def_ro("item", &ItemVersion::item)
      .def_ro("written", &ItemVersion::written)
      .def_ro("author", &ItemVersion::author)
      .def_ro("operation", &ItemVersion::operation);
}

void DefineWrites(nb::module_& module) {
  nb::class_<ItemWrite>(module, "ItemWrite")
      .def(nb::init<>())
      .def_rw("item", &ItemWrite::item)
      .def_rw("expected_version", &ItemWrite::expected_version, nb::arg().none());
  nb::class_<ItemChange>(module, "ItemChange")
      .def(nb::init<>())
      .def_rw("id", &ItemChange::id)
      .def_rw("expected_version", &ItemChange::expected_version, nb::arg().none())
      .def_rw("name_space", &ItemChange::name_space, nb::arg().none())
      .def_rw("category", &ItemChange::category, nb::arg().none())
      .def_rw("content", &ItemChange::content, nb::arg().none())
      .def_rw("metadata", &ItemChange::metadata, nb::arg().none())
      .def_rw("tags", &ItemChange::tags, nb::arg().none())
      .def_rw("add_tags", &ItemChange::add_tags)
      .def_rw("remove_tags", &ItemChange::remove_tags)
      .def_rw("expires", &ItemChange::expires, nb::arg().none())
      .def_rw("embedding", &ItemChange::embedding, nb::arg().none())
      .def_rw("embedding_model", &ItemChange::embedding_model, nb::arg().none());
  nb::class_<Written>(module, "Written")
      .def_prop_ro("outcome", [](const Written& written) { return OutcomeName(written.outcome); })
      .def_ro("id", &Written::id)
      .def_ro("version", &Written::version);
}

void DefineQueries(nb::module_& module) {
  nb::class_<ItemQuery>(module, "ItemQuery")
      .def(nb::init<>())
      .def_rw("words", &ItemQuery::words)
      .def_rw("ids", &ItemQuery::ids)
      .def_rw("namespaces", &ItemQuery::namespaces)
      .def_rw("categories", &ItemQuery::categories)
      .def_rw("tags", &ItemQuery::tags)
      .def_rw("any_tags", &ItemQuery::any_tags)
      .def_rw("no_tags", &ItemQuery::no_tags)
      .def_rw("metadata", &ItemQuery::metadata)
      .def_rw("since", &ItemQuery::since, nb::arg().none())
      .def_rw("until", &ItemQuery::until, nb::arg().none())
      .def_rw("created_since", &ItemQuery::created_since, nb::arg().none())
      .def_rw("created_until", &ItemQuery::created_until, nb::arg().none())
      .def_rw("as_of", &ItemQuery::as_of, nb::arg().none())
      .def_rw("order", &ItemQuery::order)
      .def_rw("limit", &ItemQuery::limit)
      .def_rw("after", &ItemQuery::after)
      .def_rw("any_word", &ItemQuery::any_word)
      .def_rw("typos", &ItemQuery::typos, nb::arg().none())
      .def_prop_rw(
          "indexed", [](const ItemQuery& query) { return query.consistency == Consistency::kIndexed; },
          [](ItemQuery& query, bool indexed) {
            query.consistency = indexed ? Consistency::kIndexed : Consistency::kEventual;
          })
      .def_rw("with_content", &ItemQuery::with_content)
      .def_rw("with_embedding", &ItemQuery::with_embedding)
      .def_rw("with_snippet", &ItemQuery::with_snippet);
  nb::class_<Found>(module, "Found")
      .def_ro("item", &Found::item)
      .def_ro("score", &Found::score)
      .def_ro("snippet", &Found::snippet)
      .def_ro("why", &Found::why);
  nb::class_<ItemPage>(module, "ItemPage")
      .def_ro("items", &ItemPage::items)
      .def_ro("next", &ItemPage::next)
      .def_ro("unindexed", &ItemPage::unindexed)
      .def_ro("did_you_mean", &ItemPage::did_you_mean);
}

}  // namespace

void DefineMemoryStructures(nb::module_& module) {
  DefineItems(module);
  DefineWrites(module);
  DefineQueries(module);
}

}  // namespace levee::python
