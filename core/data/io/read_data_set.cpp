// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/read_data_set.h"

#include "data/io/cifar.h"
#include "data/io/idx.h"
#include "data/io/image_files.h"
#include "data/io/image_listing.h"
#include "data/io/npz.h"

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace culprit::data {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view wanted = "looked for train-images-idx3-ubyte[.gz] (IDX), data_batch_1.bin[.gz] "
                                    "(CIFAR), a .npz file, the folders train and "
                                    "test, or a .csv with path, label and split";

std::vector<fs::path> npzFilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
        if (entry->path().extension() == ".npz" && looksLikeNpz(entry->path()))
            files.push_back(entry->path());
    return files;
}

std::string firstNamesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
        names.push_back(entry->path().filename().string());
    if (names.empty())
        return "found nothing";
    std::sort(names.begin(), names.end());
    std::string text = "found " + std::to_string(names.size()) + " other entries: ";
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 3); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return text;
}

Expected<Format> recogniseFolder(const fs::path& folder)
{
    std::vector<Format> found;
    if (looksLikeIdx(folder))
        found.push_back(Format::Idx);
    if (looksLikeCifar(folder))
        found.push_back(Format::Cifar);
    if (looksLikeImageFolder(folder))
        found.push_back(Format::Folder);
    const auto npzFiles = npzFilesIn(folder);
    if (npzFiles.size() == 1)
        found.push_back(Format::Npz);
    if (found.size() == 1)
        return found.front();
    const auto name = folder.string();
    if (npzFiles.size() > 1 && found.empty())
        return fail(Error::Kind::BadInput, name + ": holds several .npz files; name the one to read");
    if (found.empty())
        return fail(Error::Kind::BadInput,
                    name + ": is no data set; " + std::string(wanted) + "; " + firstNamesIn(folder));
    return fail(Error::Kind::BadInput, name + ": holds both an " + std::string(nameOf(found[0])) +
                                           " and an " + std::string(nameOf(found[1])) +
                                           " set; move one of them away");
}

Expected<DataSet> readImageSet(Expected<ImageListing> listing, Format format, const ReadOptions& options,
                               const Monitor& monitor)
{
    if (!listing)
        return fail(listing.error());
    return readImages(std::move(*listing), format, options, monitor);
}

Expected<DataSet> readAs(Format format, const fs::path& path, const ReadOptions& options,
                         const Monitor& monitor)
{
    std::error_code code;
    switch (format) {
    case Format::Idx:
        return readIdx(path, options, monitor);
    case Format::Cifar:
        return readCifar(path, options, monitor);
    case Format::Npz:
        return readNpz(fs::is_directory(path, code) ? npzFilesIn(path).at(0) : path, options, monitor);
    case Format::Folder:
        return readImageSet(listImageFolder(path, monitor), format, options, monitor);
    case Format::Manifest:
        return readImageSet(listManifest(path, monitor), format, options, monitor);
    case Format::Demo:
        break;
    }
    return fail(Error::Kind::Internal, path.string() + ": the demo set is drawn, not read");
}

} // namespace

Expected<Format> recognise(const fs::path& path)
{
    std::error_code code;
    const auto status = fs::status(path, code);
    if (!fs::exists(status))
        return fail(Error::Kind::NotFound, path.string() + ": is not there; check the path");
    if (fs::is_directory(status))
        return recogniseFolder(path);
    if (!fs::is_regular_file(status))
        return fail(Error::Kind::BadInput, path.string() + ": is a device or a pipe and no data set");
    if (looksLikeNpz(path))
        return Format::Npz;
    if (looksLikeManifest(path))
        return Format::Manifest;
    return fail(Error::Kind::BadInput, path.string() + ": is no data set; " + std::string(wanted));
}

Expected<DataSet> readDataSet(const fs::path& path, const ReadOptions& options, const Monitor& monitor)
try {
    const auto format = recognise(path);
    if (!format)
        return fail(format.error());
    auto data = readAs(*format, path, options, monitor);
    if (data)
        data->path = path.string();
    return data;
} catch (const std::bad_alloc&) {
    return fail(Error::Kind::OutOfMemory,
                path.string() + ": there is not enough memory to read it; use a smaller set");
} catch (const std::exception& exception) {
    return fail(Error::Kind::Io,
                path.string() + ": cannot be read; check the disk and the folder's permissions",
                exception.what());
}

} // namespace culprit::data
