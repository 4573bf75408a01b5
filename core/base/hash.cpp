// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nettle/sha2.h>
#include <vector>
#include <xxhash.h>

namespace culprit {

namespace {

std::string toHex(std::span<const std::uint8_t> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string digest(sha256_ctx& context)
{
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> bytes{};
    sha256_digest(&context, bytes.size(), bytes.data());
    return toHex(bytes);
}

} // namespace

Expected<std::string> sha256OfFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return fail(Error::Kind::NotFound, file.string() + ": cannot be opened; check the path and its permissions");
    sha256_ctx context;
    sha256_init(&context);
    std::vector<char> buffer(1 << 20);
    while (stream) {
        stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        sha256_update(&context, static_cast<std::size_t>(stream.gcount()),
                      reinterpret_cast<const std::uint8_t*>(buffer.data()));
    }
    if (stream.bad())
        return fail(Error::Kind::Io, file.string() + ": reading failed; check the disk and try again");
    return digest(context);
}

std::string sha256(std::span<const std::byte> bytes)
{
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    return digest(context);
}

struct Fingerprint::State {
    XXH3_state_t* xxh = XXH3_createState();
    State() { XXH3_128bits_reset(xxh); }
    ~State() { XXH3_freeState(xxh); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Fingerprint::Fingerprint() : m_state(std::make_unique<State>()) {}
Fingerprint::~Fingerprint() = default;
Fingerprint::Fingerprint(Fingerprint&&) noexcept = default;
Fingerprint& Fingerprint::operator=(Fingerprint&&) noexcept = default;

void Fingerprint::add(std::span<const std::byte> bytes)
{
    XXH3_128bits_update(m_state->xxh, bytes.data(), bytes.size());
}

void Fingerprint::add(std::string_view text)
{
    add(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Fingerprint::hex() const
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(m_state->xxh));
    return toHex(canonical.digest);
}

} // namespace culprit
