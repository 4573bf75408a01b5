// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/fields.h"

#include <limits>
#include <utility>

namespace culprit::protocol {

namespace {

const Json& emptyMap()
{
    static const Json map = Json::object();
    return map;
}

} // namespace

Fields::Fields(const Json& map, std::string name)
    : Fields(map, std::move(name), std::make_shared<std::string>())
{
}

Fields::Fields(const Json& map, std::string name, std::shared_ptr<std::string> problem)
    : m_map(map.is_object() ? &map : &emptyMap()), m_name(std::move(name)), m_problem(std::move(problem))
{
    if (!map.is_object())
        note(m_name + ": is not a map");
}

void Fields::note(std::string problem) const
{
    if (m_problem->empty())
        *m_problem = std::move(problem);
}

void Fields::refuse(const std::string& key, const std::string& why) const
{
    note(place(key) + ": " + why);
}

bool Fields::has(const std::string& key) const
{
    return m_map->contains(key) && !(*m_map)[key].is_null();
}

const Json* Fields::find(const std::string& key) const
{
    if (m_map->contains(key))
        return &(*m_map)[key];
    refuse(key, "is missing");
    return nullptr;
}

std::string Fields::text(const std::string& key) const
{
    const Json* value = find(key);
    if (value && !value->is_string())
        refuse(key, "is not a text");
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t Fields::integer(const std::string& key) const
{
    const Json* value = find(key);
    if (!value)
        return 0;
    const bool tooLarge =
        value->is_number_unsigned() &&
        value->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (!value->is_number_integer() || tooLarge) {
        refuse(key, "is not a whole number");
        return 0;
    }
    return value->get<std::int64_t>();
}

double Fields::number(const std::string& key) const
{
    const Json* value = find(key);
    if (!value || value->is_null())
        return std::numeric_limits<double>::quiet_NaN();
    if (!value->is_number())
        refuse(key, "is not a number");
    return value->is_number() ? value->get<double>() : 0.0;
}

bool Fields::flag(const std::string& key, bool fallback) const
{
    if (!has(key))
        return fallback;
    const Json& value = (*m_map)[key];
    if (!value.is_boolean())
        refuse(key, "is neither true nor false");
    return value.is_boolean() ? value.get<bool>() : fallback;
}

std::vector<std::string> Fields::texts(const std::string& key) const
{
    std::vector<std::string> texts;
    const Json* value = find(key);
    if (value && !value->is_array())
        refuse(key, "is not a list of texts");
    if (!value || !value->is_array())
        return texts;
    for (const Json& item : *value) {
        if (!item.is_string())
            refuse(key, "is not a list of texts");
        else
            texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::optional<std::string> Fields::optionalText(const std::string& key) const
{
    return has(key) ? std::optional(text(key)) : std::nullopt;
}

std::optional<std::int64_t> Fields::optionalInteger(const std::string& key) const
{
    return has(key) ? std::optional(integer(key)) : std::nullopt;
}

std::optional<double> Fields::optionalNumber(const std::string& key) const
{
    return has(key) ? std::optional(number(key)) : std::nullopt;
}

Fields Fields::map(const std::string& key) const
{
    const Json* value = find(key);
    return Fields(value ? *value : emptyMap(), place(key), m_problem);
}

std::vector<Fields> Fields::maps(const std::string& key) const
{
    std::vector<Fields> fields;
    const Json* value = find(key);
    if (value && !value->is_array())
        refuse(key, "is not a list");
    if (!value || !value->is_array())
        return fields;
    for (const Json& item : *value)
        fields.push_back(Fields(item, place(key) + "[" + std::to_string(fields.size()) + "]", m_problem));
    return fields;
}

std::vector<std::int64_t> Fields::shape(const std::string& key) const
{
    const Json* value = find(key);
    if (!value)
        return {};
    auto view = arrayView(*value, place(key));
    if (!view)
        note(view.error().text);
    return view ? std::move(view->shape) : std::vector<std::int64_t>();
}

Expected<void> Fields::check() const
{
    if (m_problem->empty())
        return {};
    return fail(Error::Kind::BadInput, *m_problem);
}

} // namespace culprit::protocol
