// SPDX-License-Identifier: GPL-3.0-or-later
// Words and numbers as the page shows them. Whatever comes from a file passes through here on its way into
// the page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace culprit::report {

/// Safe as element text and as a quoted attribute: markup is escaped; what is not UTF-8, control characters
/// and marks that reorder the text around them become U+FFFD.
std::string escaped(std::string_view text);

/// A name from a file, escaped and isolated from the direction of the text around it.
std::string nameHtml(std::string_view name);

/// "3,000"
std::string countText(std::int64_t value);

/// "1 image", "3,000 images"
std::string countText(std::int64_t value, std::string_view one, std::string_view many);

/// "63.5 %" of a share in [0, 1]; a dash where it is not a number.
std::string percentText(double share);

/// "54.1–72.0 %"
std::string rangeText(double low, double high);

/// "+5.8", "−0.3", "0.0": the difference of two shares in percentage points.
std::string pointsText(double difference);

/// Fixed decimals, a dash where the value is not a number.
std::string decimalText(double value, int decimals);

/// A coordinate of a drawing, to a tenth of its unit.
std::string coordinateText(double value);

/// "7.2 s", "3 min 5 s"
std::string secondsText(double seconds);

} // namespace culprit::report
