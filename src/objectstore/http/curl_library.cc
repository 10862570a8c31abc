#include "objectstore/http/curl_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <vector>

#include "objectstore/http/opened_library.h"

namespace levee::objectstore {
namespace {

std::vector<std::string> Candidates() {
  const char* const named = std::getenv("LEVEE_CURL_LIBRARY");
  // One that the user names is the only one: another in its stead would hide a mistake in the name.
  if (named != nullptr && *named != '\0') return {named};
  return {"libcurl.so.4", "libcurl-gnutls.so.4"};
}

std::string LastError() {
  const char* const reason = ::dlerror();
  return reason == nullptr ? "unknown" : reason;
}

bool FindAll(void* module, CurlLibrary& curl) {
  return FindSymbol(module, "curl_global_init", curl.global_init) && FindSymbol(module, "curl_version", curl.version) &&
         FindSymbol(module, "curl_easy_init", curl.easy_init) && FindSymbol(module, "curl_easy_reset", curl.easy_reset) &&
         FindSymbol(module, "curl_easy_cleanup", curl.easy_cleanup) && FindSymbol(module, "curl_easy_setopt", curl.easy_setopt) &&
         FindSymbol(module, "curl_easy_getinfo", curl.easy_getinfo) &&
         FindSymbol(module, "curl_easy_strerror", curl.easy_strerror) &&
         FindSymbol(module, "curl_multi_init", curl.multi_init) && FindSymbol(module, "curl_multi_cleanup", curl.multi_cleanup) &&
         FindSymbol(module, "curl_multi_add_handle", curl.multi_add_handle) &&
         FindSymbol(module, "curl_multi_remove_handle", curl.multi_remove_handle) &&
         FindSymbol(module, "curl_multi_perform", curl.multi_perform) && FindSymbol(module, "curl_multi_poll", curl.multi_poll) &&
         FindSymbol(module, "curl_multi_info_read", curl.multi_info_read) &&
         FindSymbol(module, "curl_multi_strerror", curl.multi_strerror) &&
         FindSymbol(module, "curl_slist_append", curl.slist_append) &&
         FindSymbol(module, "curl_slist_free_all", curl.slist_free_all);
}

// Never closed: threads of other libraries may still be in it when the process ends.
Result<CurlLibrary> Load() {
  std::string reasons;
  for (const std::string& name : Candidates()) {
    CurlLibrary curl;
    void* const module = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module != nullptr && FindAll(module, curl) && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) return curl;
    if (!reasons.empty()) reasons += "; ";
    reasons += LastError();
  }
  return Fail(ErrorCode::kUnsupported, "tables in clouds", "libcurl cannot be loaded: " + reasons,
              "install it: Debian and Ubuntu have it as libcurl4, Fedora as libcurl; or name the library by "
              "LEVEE_CURL_LIBRARY");
}

}  // namespace

Result<const CurlLibrary*> LoadCurl() { return LoadedOnce<CurlLibrary>(&Load); }

}  // namespace levee::objectstore
