// SPDX-License-Identifier: GPL-3.0-or-later
// How every function that can fail for the user's reasons says so: an Expected<T> that carries either the
// value or an Error. Cancelled is one of the kinds, a value like any other; nothing here throws.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace culprit {

struct Error {
    enum class Kind { BadInput, NotFound, Unsupported, OutOfMemory, Cancelled, Io, Internal };

    Kind kind = Kind::Internal;
    std::string text;   ///< One line: what is wrong, where (file, row or byte), what to do.
    std::string detail; ///< For the log: what the library underneath said. May be empty.
};

/// Either a T or an Error. Derived only to make ignoring one a warning.
template <typename T>
class [[nodiscard]] Expected : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

/// The failure half of an Expected: `return fail(Error::Kind::NotFound, "…");`
inline tl::unexpected<Error> fail(Error::Kind kind, std::string text, std::string detail = {})
{
    return tl::unexpected<Error>(Error{kind, std::move(text), std::move(detail)});
}

/// Passes an error on to a caller that expects another type.
inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> cancelled()
{
    return fail(Error::Kind::Cancelled, "cancelled");
}

} // namespace culprit
