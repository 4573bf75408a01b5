// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/array_set.h"

#include "data/io/plain_file.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace culprit::data {

namespace {

constexpr std::int64_t maxClassNameBytes = std::int64_t{1} << 22;

std::int64_t machineMemory()
{
    const auto pages = ::sysconf(_SC_PHYS_PAGES);
    const auto pageBytes = ::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || pageBytes <= 0)
        return std::numeric_limits<std::int64_t>::max();
    return std::int64_t{pages} * pageBytes;
}

std::string inMebibytes(std::int64_t bytes)
{
    return std::to_string(bytes / (1 << 20) + 1) + " MiB";
}

std::string describe(const ImageShape& shape)
{
    return std::to_string(shape.height) + " x " + std::to_string(shape.width) + " with " +
           std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels");
}

std::int64_t largestLabel(const DataSet& data)
{
    std::int32_t largest = 0;
    for (const auto* part : {&data.train, &data.test, data.validation ? &*data.validation : nullptr})
        if (part != nullptr)
            for (const auto label : part->labels)
                largest = std::max(largest, label);
    return largest;
}

Expected<void> checkAgainstTraining(const DataSet& data, const ImageSet& part)
{
    if (part.shape == data.train.shape)
        return {};
    return fail(Error::Kind::BadInput, data.path + ": training images are " + describe(data.train.shape) +
                                           " but " + std::string(nameOf(part.part)) + " images are " +
                                           describe(part.shape) + "; all parts need one shape");
}

} // namespace

std::optional<std::filesystem::path> existingFile(const std::filesystem::path& stem)
{
    std::error_code code;
    if (std::filesystem::exists(stem, code))
        return stem;
    std::filesystem::path compressed = stem;
    compressed += ".gz";
    if (std::filesystem::exists(compressed, code))
        return compressed;
    return std::nullopt;
}

std::optional<std::int64_t> checkedProduct(std::span<const std::int64_t> factors)
{
    std::int64_t product = 1;
    for (const auto factor : factors)
        if (factor < 0 || __builtin_mul_overflow(product, factor, &product))
            return std::nullopt;
    return product;
}

Expected<void> checkAllowed(const std::string& name, std::int64_t bytes, std::int64_t maxBytes)
{
    if (bytes <= maxBytes)
        return {};
    return fail(Error::Kind::OutOfMemory,
                name + ": needs " + inMebibytes(bytes) +
                    ", more than this machine or the limit allows; use a smaller set or a "
                    "machine with more memory");
}

Expected<void> checkAffordable(const std::string& name, std::int64_t bytes, std::int64_t maxBytes)
{
    return checkAllowed(name, bytes, std::min(maxBytes, machineMemory()));
}

Expected<std::vector<std::string>> parseClassNames(std::string_view text, const std::string& name)
{
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.remove_suffix(1);
    std::vector<std::string> names;
    std::set<std::string> seen;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.pop_back();
        const auto place = name + ", line " + std::to_string(names.size() + 1);
        if (line.empty() || line.find('\0') != std::string::npos)
            return fail(Error::Kind::BadInput, place + ": no class name; one name a line is expected");
        if (!seen.insert(line).second)
            return fail(Error::Kind::BadInput,
                        place + ": the class " + line + " is there twice; rename one of them");
        names.push_back(std::move(line));
        if (static_cast<std::int64_t>(names.size()) > maxClasses)
            return fail(Error::Kind::BadInput,
                        place + ": more than " + std::to_string(maxClasses) + " classes");
    }
    if (names.empty())
        return fail(Error::Kind::BadInput,
                    name + ": holds no class name; write one a line or remove the file");
    return names;
}

Expected<std::vector<std::string>> readClassNames(const std::filesystem::path& path)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    if (file->size() > maxClassNameBytes)
        return fail(Error::Kind::BadInput, path.string() + ": is too large for a list of class names");
    std::string text(static_cast<std::size_t>(file->size()), '\0');
    const auto got = file->readAt(0, std::as_writable_bytes(std::span(text)));
    if (!got)
        return fail(got.error());
    text.resize(*got);
    return parseClassNames(text, path.string());
}

std::vector<std::string> numberedClassNames(std::int64_t count)
{
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < count; ++i)
        names.push_back(std::to_string(i));
    return names;
}

Expected<std::string> classNamesText(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
        text += name + '\n';
    const auto back = parseClassNames(text, "class names");
    if (!back || *back != names)
        return fail(Error::Kind::BadInput, "the class names cannot be written one a line: one is empty, "
                                           "repeated or has a line break; rename it");
    return text;
}

bool namesFollowFromLabels(const DataSet& data)
{
    return data.classNames == numberedClassNames(largestLabel(data) + 1);
}

ImageSet arrayPart(Part part, ImageShape shape, PixelBuffer pixels, std::vector<std::int32_t> labels)
{
    ImageSet set{.part = part, .shape = shape, .pixels = std::move(pixels), .labels = std::move(labels)};
    set.sourceIndex.resize(set.labels.size());
    std::iota(set.sourceIndex.begin(), set.sourceIndex.end(), 0);
    return set;
}

void place(DataSet& data, ImageSet part)
{
    if (part.part == Part::Train)
        data.train = std::move(part);
    else if (part.part == Part::Test)
        data.test = std::move(part);
    else
        data.validation = std::move(part);
}

Expected<DataSet> finishArraySet(DataSet data)
{
    if (data.train.size() == 0 || data.test.size() == 0)
        return fail(Error::Kind::BadInput, data.path + ": holds no " +
                                               (data.train.size() == 0 ? "training" : "test") +
                                               " image; both parts need at least one");
    if (auto checked = checkAgainstTraining(data, data.test); !checked)
        return fail(checked.error());
    if (data.validation) {
        if (auto checked = checkAgainstTraining(data, *data.validation); !checked)
            return fail(checked.error());
    }
    if (data.classNames.empty())
        data.classNames = numberedClassNames(largestLabel(data) + 1);
    return data;
}

} // namespace culprit::data
