// SPDX-License-Identifier: GPL-3.0-or-later
// Fingerprints: SHA-256 where a person compares them (models), XXH3 where the program does (data).
#pragma once

#include "base/error.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace culprit {

/// SHA-256 of a file's bytes as 64 lower-case hexadecimal digits. NotFound or Io where it cannot be read.
Expected<std::string> sha256OfFile(const std::filesystem::path& file);

/// SHA-256 of bytes in memory.
std::string sha256(std::span<const std::byte> bytes);

/// 128-bit XXH3 of everything added, in order.
class Fingerprint {
public:
    Fingerprint();
    ~Fingerprint();
    Fingerprint(Fingerprint&&) noexcept;
    Fingerprint& operator=(Fingerprint&&) noexcept;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    std::string hex() const; ///< 32 lower-case hexadecimal digits.

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace culprit
