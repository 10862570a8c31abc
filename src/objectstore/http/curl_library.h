// libcurl, opened on first need: a program that reads local tables never loads it, and nothing links it.
#pragma once

// Its type checks are macros that would stand before the pointers below.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <string>

#include "base/status.h"

namespace levee::objectstore {

// The functions that are used, by the names they have behind "curl_".
struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_version) version = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&::curl_multi_perform) multi_perform = nullptr;
  decltype(&::curl_multi_poll) multi_poll = nullptr;
  decltype(&::curl_multi_info_read) multi_info_read = nullptr;
  decltype(&::curl_multi_strerror) multi_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
};

// The process's own: the library that LEVEE_CURL_LIBRARY names, else libcurl.so.4 or libcurl-gnutls.so.4. kUnsupported
// when there is none, with the package to install. Thread-safe; loads once.
Result<const CurlLibrary*> LoadCurl();

}  // namespace levee::objectstore
