// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace culprit::report {

namespace {

constexpr std::string_view dash = "–";
constexpr std::string_view minus = "−";
constexpr std::string_view thinSpace = "\u202F"; // narrow, no break
constexpr std::string_view replacement = "\uFFFD";

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
    bool valid = false;
};

/// The code point that starts at `text[0]` (Unicode 15, table 3-7: well-formed UTF-8).
CodePoint firstOf(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80)
        return {lead, 1, true};
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes)
        return {};
    char32_t value = lead & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80)
            return {};
        value = (value << 6) | (next & 0x3FU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {};
    return {value, bytes, true};
}

bool isControl(char32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0);
}

/// Embeddings, overrides and isolates: they could make a label read as another one.
bool reordersText(char32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string_view entityFor(char32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {};
    }
}

std::string fixed(double value, int decimals)
{
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::fixed, decimals);
    return {buffer.data(), end.ptr};
}

/// Whether rounding to `decimals` leaves nothing, so that no "-0.0" is shown.
bool roundsToZero(double value, int decimals)
{
    return std::abs(value) < 0.5 * std::pow(10.0, -decimals);
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string html;
    html.reserve(text.size());
    while (!text.empty()) {
        const CodePoint c = firstOf(text);
        if (!c.valid || isControl(c.value) || reordersText(c.value))
            html += replacement;
        else if (const auto entity = entityFor(c.value); !entity.empty())
            html += entity;
        else
            html += text.substr(0, c.bytes);
        text.remove_prefix(c.bytes);
    }
    return html;
}

std::string nameHtml(std::string_view name)
{
    return "<bdi>" + escaped(name) + "</bdi>";
}

std::string countText(std::int64_t value)
{
    std::string digits = std::to_string(value);
    const std::size_t first = value < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3)
        digits.insert(at - 3, 1, ',');
    return digits;
}

std::string countText(std::int64_t value, std::string_view one, std::string_view many)
{
    return countText(value) + " " + std::string(value == 1 ? one : many);
}

std::string decimalText(double value, int decimals)
{
    if (!std::isfinite(value))
        return std::string(dash);
    if (roundsToZero(value, decimals))
        return fixed(0.0, decimals);
    return value < 0 ? std::string(minus) + fixed(-value, decimals) : fixed(value, decimals);
}

std::string percentText(double share)
{
    if (!std::isfinite(share))
        return std::string(dash);
    return decimalText(100.0 * share, 1) + std::string(thinSpace) + "%";
}

std::string rangeText(double low, double high)
{
    if (!std::isfinite(low) || !std::isfinite(high))
        return std::string(dash);
    return decimalText(100.0 * low, 1) + std::string(dash) + percentText(high);
}

std::string pointsText(double difference)
{
    const double points = 100.0 * difference;
    const bool plus = points > 0 && !roundsToZero(points, 1);
    return (plus ? "+" : "") + decimalText(points, 1);
}

std::string coordinateText(double value)
{
    return fixed(roundsToZero(value, 1) ? 0.0 : value, 1);
}

std::string secondsText(double seconds)
{
    if (!std::isfinite(seconds))
        return std::string(dash);
    if (seconds < 60.0)
        return decimalText(seconds, seconds < 10.0 ? 1 : 0) + std::string(thinSpace) + "s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    return countText(whole / 60) + std::string(thinSpace) + "min " + std::to_string(whole % 60) +
           std::string(thinSpace) + "s";
}

} // namespace culprit::report
