#include "objectstore/http/gcs/rsa_signature.h"

#include <dlfcn.h>

#include <cstddef>
#include <memory>

#include "objectstore/http/opened_library.h"

namespace levee::objectstore {
namespace {

// The few functions that are used, declared here: OpenSSL's headers would have to fit the library that is found.
struct CryptoLibrary {
  void* (*bio_new_mem_buf)(const void* data, int size) = nullptr;
  int (*bio_free)(void* bio) = nullptr;
  void* (*pem_read_private_key)(void* bio, void** key, void* callback, void* user) = nullptr;
  void (*pkey_free)(void* key) = nullptr;
  void* (*md_ctx_new)() = nullptr;
  void (*md_ctx_free)(void* context) = nullptr;
  const void* (*sha256)() = nullptr;
  int (*sign_init)(void* context, void** key_context, const void* digest, void* engine, void* key) = nullptr;
  int (*sign)(void* context, unsigned char* out, std::size_t* size, const unsigned char* data, std::size_t count) = nullptr;
};

Result<CryptoLibrary> Load() {
  for (const char* const name : {"libcrypto.so.3", "libcrypto.so.1.1"}) {
    void* const module = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    CryptoLibrary crypto;
    if (module != nullptr && FindSymbol(module, "BIO_new_mem_buf", crypto.bio_new_mem_buf) &&
        FindSymbol(module, "BIO_free", crypto.bio_free) &&
        FindSymbol(module, "PEM_read_bio_PrivateKey", crypto.pem_read_private_key) &&
        FindSymbol(module, "EVP_PKEY_free", crypto.pkey_free) && FindSymbol(module, "EVP_MD_CTX_new", crypto.md_ctx_new) &&
        FindSymbol(module, "EVP_MD_CTX_free", crypto.md_ctx_free) && FindSymbol(module, "EVP_sha256", crypto.sha256) &&
        FindSymbol(module, "EVP_DigestSignInit", crypto.sign_init) && FindSymbol(module, "EVP_DigestSign", crypto.sign)) {
      return crypto;
    }
  }
  return Fail(ErrorCode::kUnsupported, "signing with a Google service account's key", "libcrypto cannot be loaded",
              "install it: Debian and Ubuntu have it as libssl3");
}

Result<const CryptoLibrary*> Loaded() { return LoadedOnce<CryptoLibrary>(&Load); }

// Never asks at the terminal for a key's pass phrase.
int NoPassPhrase(char*, int, int, void*) { return 0; }

}  // namespace

Result<std::string> SignRs256(std::string_view pem, std::string_view message) {
  LEVEE_ASSIGN(const CryptoLibrary* const crypto, Loaded());
  const std::unique_ptr<void, int (*)(void*)> text(
      crypto->bio_new_mem_buf(pem.data(), static_cast<int>(pem.size())), crypto->bio_free);
  const std::unique_ptr<void, void (*)(void*)> key(
      text == nullptr ? nullptr
                      : crypto->pem_read_private_key(text.get(), nullptr, reinterpret_cast<void*>(&NoPassPhrase), nullptr),
      crypto->pkey_free);
  if (key == nullptr) return Fail(ErrorCode::kInvalidArgument, "the service account's private_key", "it is no key in PEM");
  const std::unique_ptr<void, void (*)(void*)> context(crypto->md_ctx_new(), crypto->md_ctx_free);
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  const bool is_signed =
      context != nullptr && crypto->sign_init(context.get(), nullptr, crypto->sha256(), nullptr, key.get()) == 1 &&
      crypto->sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  if (!is_signed) return Fail(ErrorCode::kInvalidArgument, "the service account's private_key", "it cannot sign");
  signature.resize(size);
  return signature;
}

}  // namespace levee::objectstore
