#include "objectstore/http/s3/aws_profile.h"

#include <cctype>
#include <string_view>

#include "objectstore/http/secret_file.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

// Adds the values of one section; what is there already stays. Lines of nested settings, which are indented, are
// passed over, and so are other sections.
Status AddSection(const std::string& path, std::string_view text, const std::string& section, AwsProfile& profile) {
  bool inside = false;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string line = Trimmed(raw);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      const std::size_t close = line.find(']');
      if (close == std::string::npos) {
        return Fail(ErrorCode::kInvalidArgument, path + ":" + std::to_string(line_number), "a '[' without its ']'");
      }
      inside = Trimmed(std::string_view(line).substr(1, close - 1)) == section;
      profile.exists = profile.exists || inside;
      continue;
    }
    if (!inside || raw.starts_with(' ') || raw.starts_with('\t')) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument, path + ":" + std::to_string(line_number), "a line without '='");
    }
    std::string key = Trimmed(std::string_view(line).substr(0, equals));
    for (char& c : key) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    profile.values.emplace(std::move(key), Trimmed(std::string_view(line).substr(equals + 1)));
  }
  return {};
}

Status AddFile(const std::string& path, const std::string& section, AwsProfile& profile) {
  auto text = ReadSmallFile(path);
  if (!text && text.error().code == ErrorCode::kNotFound) return {};
  if (!text) return std::unexpected(std::move(text).error());
  return AddSection(path, *text, section, profile);
}

}  // namespace

std::string AwsProfile::Value(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

Result<AwsProfile> ReadAwsProfile(const settings::EnvironmentLookup& environment) {
  AwsProfile profile{.name = FirstOf(environment, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})};
  profile.chosen = !profile.name.empty();
  if (!profile.chosen) profile.name = "default";
  const std::string home = environment("HOME").value_or("");
  std::string credentials = environment("AWS_SHARED_CREDENTIALS_FILE").value_or("");
  std::string config = environment("AWS_CONFIG_FILE").value_or("");
  if (credentials.empty() && !home.empty()) credentials = home + "/.aws/credentials";
  if (config.empty() && !home.empty()) config = home + "/.aws/config";
  if (!credentials.empty()) LEVEE_RETURN_IF_ERROR(AddFile(credentials, profile.name, profile));
  if (!config.empty()) {
    const std::string section = profile.name == "default" ? profile.name : "profile " + profile.name;
    LEVEE_RETURN_IF_ERROR(AddFile(config, section, profile));
  }
  return profile;
}

}  // namespace levee::objectstore
