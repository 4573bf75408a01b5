// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the named values of a map that the other side sent. The first value that is missing or of the wrong
// type is remembered and harmless ones are answered from then on, so that a reader is a list of names with
// one check at its end.
#pragma once

#include "base/error.h"
#include "protocol/array.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace culprit::protocol {

class Fields {
public:
    /// `name` is what errors call the map. The map must outlive this.
    Fields(const Json& map, std::string name);

    /// A key that is absent or null counts as not given.
    bool has(const std::string& key) const;

    std::string text(const std::string& key) const;
    std::int64_t integer(const std::string& key) const;
    double number(const std::string& key) const; ///< An integer will do. NaN where null was sent.
    bool flag(const std::string& key, bool fallback) const;
    std::vector<std::string> texts(const std::string& key) const;

    std::optional<std::string> optionalText(const std::string& key) const;
    std::optional<std::int64_t> optionalInteger(const std::string& key) const;
    std::optional<double> optionalNumber(const std::string& key) const;

    Fields map(const std::string& key) const;
    std::vector<Fields> maps(const std::string& key) const;

    template <typename T>
    std::vector<T> array(const std::string& key) const
    {
        const Json* value = find(key);
        if (!value)
            return {};
        auto values = arrayValues<T>(*value, place(key));
        if (!values) {
            note(values.error().text);
            return {};
        }
        return std::move(*values);
    }

    /// As array(), with extents of its own; empty where it is not one.
    std::vector<std::int64_t> shape(const std::string& key) const;

    template <typename T>
    std::optional<std::vector<T>> optionalArray(const std::string& key) const
    {
        return has(key) ? std::optional(array<T>(key)) : std::nullopt;
    }

    /// BadInput with the first thing that was wrong here, in a map inside, or in one around.
    Expected<void> check() const;

    /// For what only the reader knows to be wrong: "must not be negative".
    void refuse(const std::string& key, const std::string& why) const;

private:
    Fields(const Json& map, std::string name, std::shared_ptr<std::string> problem);
    const Json* find(const std::string& key) const;
    std::string place(const std::string& key) const { return m_name + "." + key; }
    void note(std::string problem) const;

    const Json* m_map;
    std::string m_name;
    std::shared_ptr<std::string> m_problem; ///< Empty while all is well; shared with the maps inside.
};

} // namespace culprit::protocol
