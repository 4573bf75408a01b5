// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/image_listing.h"

#include "base/csv.h"
#include "data/io/array_set.h"
#include "data/io/plain_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace culprit::data {

namespace {

namespace fs = std::filesystem;

constexpr std::array allParts{Part::Train, Part::Validation, Part::Test};

using LabelOf = std::map<std::string, std::int32_t>;

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

LabelOf labelsByName(const std::vector<std::string>& classNames)
{
    LabelOf labels;
    for (std::size_t i = 0; i < classNames.size(); ++i)
        labels.emplace(classNames[i], static_cast<std::int32_t>(i));
    return labels;
}

Expected<void> checkClassCount(const std::string& set, std::size_t count)
{
    if (count > 0 && static_cast<std::int64_t>(count) <= maxClasses)
        return {};
    return fail(Error::Kind::BadInput, set + ": has " + std::to_string(count) + " classes; between 1 and " +
                                           std::to_string(maxClasses) + " are expected");
}

bool isDesktopFile(const std::string& name)
{
    return name.starts_with('.') || lowerCase(name) == "thumbs.db" || lowerCase(name) == "desktop.ini";
}

bool hasImageName(const std::string& name)
{
    static constexpr std::array<std::string_view, 5> endings{".png", ".jpg", ".jpeg", ".bmp", ".webp"};
    const auto lower = lowerCase(name);
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return lower.ends_with(ending); });
}

struct FolderContent {
    std::vector<std::string> folders;
    std::vector<std::string> files;
};

/// Sorted by bytes, the desktop's files left out. Links are followed: whether they may be is decided on
/// opening.
Expected<FolderContent> contentOf(const fs::path& folder, const Monitor& monitor)
{
    FolderContent content;
    std::error_code code;
    fs::directory_iterator entry(folder, code);
    for (const fs::directory_iterator end; !code && entry != end; entry.increment(code)) {
        if (monitor.stopRequested())
            return cancelled();
        const auto name = entry->path().filename().string();
        std::error_code unknown;
        if (!isDesktopFile(name))
            (entry->is_directory(unknown) ? content.folders : content.files).push_back(name);
    }
    if (code)
        return fail(Error::Kind::Io,
                    folder.string() + ": cannot be listed (" + code.message() + "); check its permissions");
    std::sort(content.folders.begin(), content.folders.end());
    std::sort(content.files.begin(), content.files.end());
    return content;
}

class FolderLister {
public:
    FolderLister(const fs::path& root, const Monitor& monitor) : m_monitor(monitor) { m_listing.root = root; }

    Expected<ImageListing> list();

private:
    Expected<void> listPart(Part part);
    Expected<void> listClass(Part part, const std::string& className, std::int32_t label);
    void add(Part part, std::string file, std::int32_t label, std::string refusal);

    ImageListing m_listing;
    LabelOf m_labels;
    std::int64_t m_next = 0; ///< Source index within the part.
    const Monitor& m_monitor;
};

void FolderLister::add(Part part, std::string file, std::int32_t label, std::string refusal)
{
    m_listing.images.push_back(ListedImage{.id = {part, m_next++},
                                           .file = std::move(file),
                                           .label = label,
                                           .caseId = {},
                                           .refusal = std::move(refusal)});
}

Expected<void> FolderLister::listClass(Part part, const std::string& className, std::int32_t label)
{
    const auto place = std::string(nameOf(part)) + "/" + className;
    const auto content = contentOf(m_listing.root / place, m_monitor);
    if (!content)
        return fail(content.error());
    for (const auto& name : content->files)
        add(part, place + "/" + name, label,
            hasImageName(name) ? "" : "its name does not end in .png, .jpg, .jpeg, .bmp or .webp");
    for (const auto& name : content->folders)
        add(part, place + "/" + name, label,
            "is a folder within a class; only files directly in it are read");
    return {};
}

Expected<void> FolderLister::listPart(Part part)
{
    const auto partName = std::string(nameOf(part));
    const auto content = contentOf(m_listing.root / partName, m_monitor);
    if (!content)
        return fail(content.error());
    m_next = 0;
    for (const auto& className : content->folders) {
        const auto label = m_labels.find(className);
        if (label == m_labels.end())
            return fail(Error::Kind::BadInput,
                        (m_listing.root / partName / className).string() +
                            ": is a class that train lacks; rename it, or make a folder of "
                            "that name in train (it may be empty)");
        if (auto listed = listClass(part, className, label->second); !listed)
            return listed;
    }
    for (const auto& name : content->files)
        add(part, partName + "/" + name, 0, "lies outside the class folders");
    return {};
}

Expected<ImageListing> FolderLister::list()
{
    auto classes = contentOf(m_listing.root / nameOf(Part::Train), m_monitor);
    if (!classes)
        return fail(classes.error());
    const auto train = (m_listing.root / nameOf(Part::Train)).string();
    if (auto counted = checkClassCount(train, classes->folders.size()); !counted)
        return fail(counted.error());
    m_listing.classNames = std::move(classes->folders);
    m_labels = labelsByName(m_listing.classNames);
    std::error_code code;
    for (const auto part : allParts)
        if (part != Part::Validation || fs::is_directory(m_listing.root / nameOf(part), code))
            if (auto listed = listPart(part); !listed)
                return fail(listed.error());
    return std::move(m_listing);
}

std::optional<std::int64_t> asWholeNumber(const std::string& text)
{
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || std::to_string(number) != text)
        return std::nullopt;
    return number;
}

/// In numerical order where all are whole numbers, else in byte order.
std::vector<std::string> inClassOrder(const std::set<std::string>& labels)
{
    std::vector<std::string> names(labels.begin(), labels.end());
    const bool numeric =
        std::all_of(names.begin(), names.end(), [](const auto& name) { return asWholeNumber(name); });
    if (numeric)
        std::sort(names.begin(), names.end(),
                  [](const auto& a, const auto& b) { return *asWholeNumber(a) < *asWholeNumber(b); });
    return names;
}

/// As people write it: "Train", "validation".
std::optional<Part> partMeant(const std::string& split)
{
    const auto word = lowerCase(split);
    return word == "validation" ? Part::Validation : partNamed(word);
}

std::string refusalOfPath(const std::string& file)
{
    const fs::path path(file);
    if (file.empty())
        return "the row names no file";
    if (path.is_absolute())
        return "is an absolute path; paths are relative to the manifest's folder";
    if (std::find(path.begin(), path.end(), fs::path("..")) != path.end())
        return "leaves the manifest's folder by \"..\"";
    return {};
}

class ManifestLister {
public:
    ManifestLister(const fs::path& file, CsvTable table) : m_file(file), m_table(std::move(table)) {}

    Expected<ImageListing> list(const Monitor& monitor);

private:
    Expected<void> findColumns();
    Expected<void> sortIntoParts(const Monitor& monitor);
    Expected<void> nameClasses();
    Expected<void> addPart(Part part);
    tl::unexpected<Error> wrong(const CsvRow& row, const std::string& what) const
    {
        return fail(Error::Kind::BadInput,
                    m_file.string() + ", line " + std::to_string(row.line) + ": " + what);
    }

    fs::path m_file;
    CsvTable m_table;
    std::size_t m_path = 0;
    std::size_t m_label = 0;
    std::size_t m_split = 0;
    std::optional<std::size_t> m_case;
    std::array<std::vector<const CsvRow*>, 3> m_rows; ///< By part.
    LabelOf m_labels;
    ImageListing m_listing;
};

Expected<void> ManifestLister::findColumns()
{
    const std::array<std::pair<std::string_view, std::size_t*>, 3> wanted{
        {{"path", &m_path}, {"label", &m_label}, {"split", &m_split}}};
    for (const auto& [name, column] : wanted) {
        const auto found = m_table.column(name);
        if (!found)
            return fail(Error::Kind::BadInput, m_file.string() + ", line 1: has no column " +
                                                   std::string(name) +
                                                   "; a manifest needs path, label and split");
        *column = *found;
    }
    m_case = m_table.column("case_id");
    return {};
}

Expected<void> ManifestLister::sortIntoParts(const Monitor& monitor)
{
    for (const auto& row : m_table.rows) {
        if (monitor.stopRequested())
            return cancelled();
        const auto part = partMeant(row.fields[m_split]);
        if (!part)
            return wrong(row, "the split is \"" + row.fields[m_split] + "\"; it must be train, val or test");
        if (row.fields[m_label].empty())
            return wrong(row, "the label is empty; fill it in or leave the row out");
        m_rows[static_cast<std::size_t>(*part)].push_back(&row);
    }
    return {};
}

Expected<void> ManifestLister::nameClasses()
{
    std::set<std::string> labels;
    for (const auto* row : m_rows[static_cast<std::size_t>(Part::Train)])
        labels.insert(row->fields[m_label]);
    if (auto counted = checkClassCount(m_file.string() + ", training rows", labels.size()); !counted)
        return counted;
    m_listing.classNames = inClassOrder(labels);
    m_labels = labelsByName(m_listing.classNames);
    return {};
}

Expected<void> ManifestLister::addPart(Part part)
{
    std::int64_t index = 0;
    for (const auto* row : m_rows[static_cast<std::size_t>(part)]) {
        const auto& name = row->fields[m_label];
        const auto label = m_labels.find(name);
        if (label == m_labels.end())
            return wrong(*row, "the label \"" + name +
                                   "\" is none of the training rows'; correct it or leave the row out");
        const auto& file = row->fields[m_path];
        m_listing.images.push_back(ListedImage{.id = {part, index++},
                                               .file = file,
                                               .label = label->second,
                                               .caseId = m_case ? row->fields[*m_case] : std::string(),
                                               .refusal = refusalOfPath(file)});
    }
    return {};
}

Expected<ImageListing> ManifestLister::list(const Monitor& monitor)
{
    if (auto found = findColumns(); !found)
        return fail(found.error());
    if (auto sorted = sortIntoParts(monitor); !sorted)
        return fail(sorted.error());
    if (auto named = nameClasses(); !named)
        return fail(named.error());
    for (const auto part : allParts)
        if (auto added = addPart(part); !added)
            return fail(added.error());
    m_listing.root = m_file.has_parent_path() ? m_file.parent_path() : fs::path(".");
    m_listing.hasCaseIds = m_case.has_value();
    return std::move(m_listing);
}

} // namespace

bool looksLikeImageFolder(const fs::path& folder)
{
    std::error_code code;
    return fs::is_directory(folder / nameOf(Part::Train), code) &&
           fs::is_directory(folder / nameOf(Part::Test), code);
}

Expected<ImageListing> listImageFolder(const fs::path& folder, const Monitor& monitor)
{
    return FolderLister(folder, monitor).list();
}

bool looksLikeManifest(const fs::path& path)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return false;
    std::string start(65536, '\0');
    const auto got = file->readAt(0, std::as_writable_bytes(std::span(start)));
    if (!got)
        return false;
    start.resize(*got);
    const auto table = parseCsv(start.substr(0, start.find_first_of("\r\n")), "");
    return table && table->column("path") && table->column("label") && table->column("split");
}

Expected<ImageListing> listManifest(const fs::path& file, const Monitor& monitor)
{
    auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    return ManifestLister(file, std::move(*table)).list(monitor);
}

} // namespace culprit::data
