// The files of AWS's tools: ~/.aws/credentials and ~/.aws/config.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/status.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

struct AwsProfile {
  std::string name;
  bool chosen = false;  // by AWS_PROFILE, not by default
  // Of both files, the credentials file's first; keys in lower case.
  std::map<std::string, std::string> values;
  bool exists = false;

  // Empty without one.
  std::string Value(const std::string& key) const;
};

// The profile that AWS_PROFILE names, else "default". kInvalidArgument for a file that is no INI file, with its line.
Result<AwsProfile> ReadAwsProfile(const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore
