// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/exports.h"

#include "base/number_text.h"
#include "data/io/gzip.h"
#include "data/io/idx.h"
#include "data/io/npy.h"
#include "data/io/npz.h"
#include "review/overlay.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace culprit::review {

namespace {

constexpr double leastQuality = 0.0;

Decision decisionOn(const TrainingList& images, std::size_t row, const Reading& reading)
{
    return reading.of({data::Part::Train, images.index[row]});
}

std::int32_t labelAfter(const TrainingList& images, std::size_t row, const Decision& decision)
{
    return decision.verdict == Verdict::Relabel ? decision.label : images.label[row];
}

std::vector<std::string> fieldsOf(const TrainingList& images, std::size_t row, std::int32_t label)
{
    return {std::to_string(images.index[row]), images.file(row), images.className(label)};
}

bool isTrainingRow(const std::string& split)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::string word;
    std::transform(split.begin(), split.end(), std::back_inserter(word), lower);
    return word == data::nameOf(data::Part::Train);
}

bool isIssue(const Ranking& ranking, std::size_t place, const Reading& reading)
{
    switch (reading.of(ranking.id(place)).verdict) {
    case Verdict::Relabel:
    case Verdict::Exclude:
        return true;
    case Verdict::Keep:
        return false;
    case Verdict::Undecided:
    case Verdict::Flag:
        break;
    }
    return ranking.selected[place] != 0;
}

class ManifestEditor {
public:
    ManifestEditor(CsvTable table, std::string name, const TrainingList& images, const Reading& reading)
        : m_table(std::move(table)), m_name(std::move(name)), m_images(images), m_reading(reading)
    {
    }

    Expected<CsvTable> edit()
    {
        const auto path = m_table.column("path");
        const auto label = m_table.column("label");
        const auto split = m_table.column("split");
        if (!path || !label || !split)
            return fail(Error::Kind::BadInput,
                        m_name + ", line 1: is no manifest; it needs path, label and split");
        m_labelsLeft.assign(m_images.classNames.size(), 0);
        CsvTable edited{m_table.header, {}};
        for (auto& row : m_table.rows) {
            if (!isTrainingRow(row.fields[*split])) {
                edited.rows.push_back(row);
                continue;
            }
            auto stays = editRow(row, *path, *label);
            if (!stays)
                return fail(stays.error());
            if (*stays)
                edited.rows.push_back(row);
        }
        if (auto complete = checkClassesLeft(); !complete)
            return fail(complete.error());
        return edited;
    }

private:
    /// False where the row is taken out.
    Expected<bool> editRow(CsvRow& row, std::size_t path, std::size_t label)
    {
        const auto place = m_images.rowOf(m_next++);
        if (!place) { // an image that could not be read, or is not in use
            count(row.fields[label]);
            return true;
        }
        if (m_images.file(*place) != row.fields[path])
            return fail(Error::Kind::BadInput,
                        m_name + ", line " + std::to_string(row.line) + ": names " + row.fields[path] +
                            " where the data had " + m_images.file(*place) +
                            "; the manifest has changed since, go back to the earlier one");
        const Decision decision = decisionOn(m_images, *place, m_reading);
        if (decision.verdict == Verdict::Exclude)
            return false;
        if (decision.verdict == Verdict::Relabel)
            row.fields[label] = m_images.className(decision.label);
        count(row.fields[label]);
        return true;
    }

    void count(const std::string& name)
    {
        const auto found = std::find(m_images.classNames.begin(), m_images.classNames.end(), name);
        if (found != m_images.classNames.end())
            ++m_labelsLeft[static_cast<std::size_t>(found - m_images.classNames.begin())];
    }

    Expected<void> checkClassesLeft() const
    {
        for (std::size_t i = 0; i < m_labelsLeft.size(); ++i)
            if (m_labelsLeft[i] == 0)
                return fail(Error::Kind::BadInput,
                            m_name + ": after the decisions no training image of class " +
                                m_images.classNames[i] +
                                " is left, and the classes would be numbered anew; keep one");
        return {};
    }

    CsvTable m_table;
    std::string m_name;
    const TrainingList& m_images;
    const Reading& m_reading;
    std::int64_t m_next = 0; ///< Source index of the next training row.
    std::vector<std::int64_t> m_labelsLeft;
};

Expected<ExportedFile> idxLabels(const std::vector<std::int32_t>& labels, bool compressed)
{
    const std::array extents{static_cast<std::int64_t>(labels.size())};
    const std::vector<std::uint8_t> narrow(labels.begin(), labels.end());
    ExportedFile file{std::string(data::idxPrefix(data::Part::Train)) + "-labels-idx1-ubyte",
                      data::idxBytes(extents, narrow)};
    if (!compressed)
        return file;
    auto small = data::gzipped(file.bytes);
    if (!small)
        return fail(small.error());
    return ExportedFile{file.name + ".gz", std::move(*small)};
}

Expected<ExportedFile> npzLabels(const data::DataSet& data, const std::vector<std::int32_t>& labels)
{
    data::DataSet corrected = data; // pixels are shared, not copied
    corrected.train.labels = labels;
    auto bytes = data::npzBytes(corrected);
    if (!bytes)
        return fail(bytes.error());
    return ExportedFile{std::filesystem::path(data.path).filename().string(), std::move(*bytes)};
}

} // namespace

Expected<CsvTable> correctedLabels(const TrainingList& images, const Reading& reading)
{
    if (auto known = checkClasses(reading, images.classNames.size()); !known)
        return fail(known.error());
    CsvTable table{{"index", "file", "label", "excluded"}, {}};
    for (std::size_t row = 0; row < images.size(); ++row) {
        const Decision decision = decisionOn(images, row, reading);
        auto fields = fieldsOf(images, row, labelAfter(images, row, decision));
        fields.emplace_back(decision.verdict == Verdict::Exclude ? "1" : "0");
        table.add(std::move(fields));
    }
    return table;
}

Expected<CsvTable> excludedImages(const TrainingList& images, const Reading& reading)
{
    if (auto known = checkClasses(reading, images.classNames.size()); !known)
        return fail(known.error());
    CsvTable table{{"index", "file", "label"}, {}};
    for (std::size_t row = 0; row < images.size(); ++row)
        if (decisionOn(images, row, reading).verdict == Verdict::Exclude)
            table.add(fieldsOf(images, row, images.label[row]));
    return table;
}

CsvTable issueColumns(const Ranking& ranking, const std::vector<std::string>& classNames,
                      const Reading& reading)
{
    CsvTable table{{"index", "file", "is_label_issue", "label_quality", "given_label", "predicted_label"},
                   {}};
    Queue order = byCulprit(ranking);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return ranking.index[a] < ranking.index[b]; });
    for (const auto place : order) {
        const double quality = std::max(leastQuality, 1.0 - static_cast<double>(ranking.probability[place]));
        table.add({std::to_string(ranking.index[place]),
                   ranking.files.empty() ? std::string() : ranking.files[place],
                   isIssue(ranking, place, reading) ? "True" : "False", shortestText(quality),
                   classNames[static_cast<std::size_t>(ranking.label[place])],
                   classNames[static_cast<std::size_t>(ranking.predicted[place])]});
    }
    return table;
}

Expected<CsvTable> editedManifest(std::string_view text, const std::string& name, const TrainingList& images,
                                  const Reading& reading)
{
    if (auto known = checkClasses(reading, images.classNames.size()); !known)
        return fail(known.error());
    auto table = parseCsv(text, name);
    if (!table)
        return fail(table.error());
    return ManifestEditor(std::move(*table), name, images, reading).edit();
}

Expected<ExportedFile> labelsInFormat(const data::DataSet& data, const std::vector<std::int32_t>& labels,
                                      bool idxCompressed)
{
    switch (data.format) {
    case data::Format::Idx:
        return idxLabels(labels, idxCompressed);
    case data::Format::Npz:
        return npzLabels(data, labels);
    case data::Format::Cifar:
    case data::Format::Demo: {
        const std::vector<std::int64_t> wide(labels.begin(), labels.end());
        const std::array extents{static_cast<std::int64_t>(labels.size())};
        return ExportedFile{"train_labels.npy", data::npyBytes(wide, extents)};
    }
    case data::Format::Folder:
    case data::Format::Manifest:
        break;
    }
    return fail(Error::Kind::Unsupported,
                data.path + ": keeps its labels in " +
                    (data.format == data::Format::Folder ? "folder names; export moves"
                                                         : "a manifest; export the manifest") +
                    " instead");
}

} // namespace culprit::review
