// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/image_files.h"

#include "data/io/array_set.h"
#include "data/io/decode_image.h"
#include "data/io/image_header.h"
#include "data/io/plain_file.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace culprit::data {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t maxFileBytes = std::int64_t{1} << 28;
constexpr std::size_t headerBytes =
    1 << 16; ///< Holds nearly every header; a JPEG with a large profile needs more.
constexpr std::size_t maxThreads = 4;

/// Calls work(0) … work(count-1) from a few threads. The calling thread reports and watches for a stop.
class Pool {
public:
    Pool(std::size_t count, std::function<void(std::size_t)> work, const Monitor& monitor)
        : m_count(count), m_work(std::move(work)), m_monitor(monitor)
    {
    }

    Expected<void> run(std::string_view phase);

private:
    void takeTurns();
    void startThreads();
    void waitAndReport(std::string_view phase);

    std::size_t m_count;
    std::function<void(std::size_t)> m_work;
    const Monitor& m_monitor;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::size_t> m_done{0};
    std::mutex m_mutex;
    std::condition_variable m_idle;
    std::size_t m_running = 0;
    std::vector<std::jthread> m_threads;
};

void Pool::takeTurns()
{
    while (!m_monitor.stopRequested()) {
        const auto i = m_next++;
        if (i >= m_count)
            break;
        m_work(i);
        ++m_done;
    }
}

void Pool::startThreads()
{
    const auto wanted =
        std::min(std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, maxThreads), m_count);
    const std::lock_guard lock(m_mutex);
    try {
        for (std::size_t i = 0; i < wanted; ++i) {
            m_threads.emplace_back([this] {
                takeTurns();
                const std::lock_guard finished(m_mutex);
                --m_running;
                m_idle.notify_all();
            });
            ++m_running;
        }
    } catch (const std::system_error&) {
        // A confined process may not be allowed more threads: those that started, or this one, do the work.
    }
}

void Pool::waitAndReport(std::string_view phase)
{
    std::unique_lock lock(m_mutex);
    while (!m_idle.wait_for(lock, std::chrono::milliseconds(100), [this] { return m_running == 0; })) {
        lock.unlock();
        m_monitor.report(phase, static_cast<std::int64_t>(m_done), static_cast<std::int64_t>(m_count));
        lock.lock();
    }
}

Expected<void> Pool::run(std::string_view phase)
{
    m_monitor.report(phase, 0, static_cast<std::int64_t>(m_count));
    startThreads();
    waitAndReport(phase);
    if (m_threads.empty())
        takeTurns();
    if (m_monitor.stopRequested())
        return cancelled();
    m_monitor.report(phase, static_cast<std::int64_t>(m_count), static_cast<std::int64_t>(m_count));
    return {};
}

/// A file of the set, opened where it may be. The error's text is a reason without the file's name.
Expected<PlainFile> openWithin(const fs::path& canonicalRoot, const std::string& name)
{
    std::error_code code;
    const auto target = fs::canonical(canonicalRoot / name, code);
    if (code)
        return fail(Error::Kind::NotFound, code == std::errc::no_such_file_or_directory
                                               ? "is not there"
                                               : "cannot be opened (" + code.message() + ")");
    const auto difference =
        std::mismatch(canonicalRoot.begin(), canonicalRoot.end(), target.begin(), target.end());
    if (difference.first != canonicalRoot.end())
        return fail(Error::Kind::BadInput, "is a link that leads out of the data set's folder");
    if (!fs::is_regular_file(target, code))
        return fail(Error::Kind::BadInput, "is not a plain file but a folder, a device or a pipe");
    auto file = PlainFile::open(target);
    if (!file)
        return fail(file.error().kind, "cannot be opened; check its permissions", file.error().text);
    if (file->size() > maxFileBytes)
        return fail(Error::Kind::BadInput, "is larger than " + std::to_string(maxFileBytes >> 20) + " MiB");
    return file;
}

Expected<std::vector<std::byte>> contentOf(const PlainFile& file, std::size_t most)
{
    std::vector<std::byte> content(std::min(most, static_cast<std::size_t>(file.size())));
    const auto got = file.readAt(0, content);
    if (!got)
        return fail(Error::Kind::Io, "cannot be read; check the disk", got.error().text);
    content.resize(*got);
    return content;
}

class Loader {
public:
    Loader(ImageListing listing, Format format, const ReadOptions& options, const Monitor& monitor)
        : m_listing(std::move(listing)), m_options(options), m_monitor(monitor)
    {
        m_data.format = format;
        m_data.classNames = m_listing.classNames;
    }

    Expected<DataSet> load();

private:
    struct Seen {
        std::optional<ImageHeader> header; ///< Nothing where the image cannot be read.
        std::string reason;
        bool outOfMemory = false;
    };
    using Range = std::pair<std::size_t, std::size_t>; ///< Of m_listing.images: one part.

    Expected<void> lookAtHeaders();
    Expected<ImageHeader> headerOf(const ListedImage& image) const;
    Expected<void> chooseShape();
    Expected<void> decode(std::size_t i, const ImageShape& shape, std::span<std::uint8_t> out) const;
    template <typename Work>
    void attempt(std::size_t i, Work&& work);
    void giveUp(std::size_t i, const Error& error);
    Expected<void> checkMemory() const;

    Range rangeOf(Part part) const;
    Expected<ImageSet> readPart(Part part);
    ImageSet gather(Part part, Range range, std::span<const std::size_t> slots,
                    std::vector<std::uint8_t> pixels) const;
    Expected<void> checkPart(const ImageSet& set) const;
    void nameUnreadable();

    ImageListing m_listing;
    const ReadOptions& m_options;
    const Monitor& m_monitor;
    fs::path m_root;          ///< Links resolved.
    std::vector<Seen> m_seen; ///< One an image of the listing; each written by one thread at a time.
    ImageShape m_shape;
    DataSet m_data;
};

void Loader::giveUp(std::size_t i, const Error& error)
{
    m_seen[i].header.reset();
    m_seen[i].reason = error.text;
    m_seen[i].outOfMemory = error.kind == Error::Kind::OutOfMemory;
}

/// No exception may leave a pool's thread; the only one to expect is a failed allocation.
template <typename Work>
void Loader::attempt(std::size_t i, Work&& work)
{
    try {
        if (Expected<void> done = work(); !done)
            giveUp(i, done.error());
    } catch (const std::exception& exception) {
        giveUp(i, Error{Error::Kind::OutOfMemory, "cannot be read, there is not enough memory",
                        exception.what()});
    }
}

/// An image that memory did not suffice for is not damaged: to leave it out would be wrong.
Expected<void> Loader::checkMemory() const
{
    for (std::size_t i = 0; i < m_seen.size(); ++i)
        if (m_seen[i].outOfMemory)
            return fail(Error::Kind::OutOfMemory, m_listing.images[i].file + ": " + m_seen[i].reason +
                                                      "; close other programs or use a smaller set");
    return {};
}

Expected<ImageHeader> Loader::headerOf(const ListedImage& image) const
{
    if (!image.refusal.empty())
        return fail(Error::Kind::BadInput, image.refusal);
    const auto file = openWithin(m_root, image.file);
    if (!file)
        return fail(file.error());
    const auto start = contentOf(*file, headerBytes);
    if (!start)
        return fail(start.error());
    auto header = parseImageHeader(*start);
    if (header || start->size() < headerBytes)
        return header;
    const auto whole = contentOf(*file, maxFileBytes);
    if (!whole)
        return fail(whole.error());
    return parseImageHeader(*whole);
}

Expected<void> Loader::lookAtHeaders()
{
    m_seen.resize(m_listing.images.size());
    const auto look = [this](std::size_t i) {
        attempt(i, [this, i]() -> Expected<void> {
            const auto header = headerOf(m_listing.images[i]);
            if (!header)
                return fail(header.error());
            m_seen[i].header = *header;
            return {};
        });
    };
    return Pool(m_listing.images.size(), look, m_monitor).run("looking at image files");
}

Expected<void> Loader::decode(std::size_t i, const ImageShape& shape, std::span<std::uint8_t> out) const
{
    const auto file = openWithin(m_root, m_listing.images[i].file);
    if (!file)
        return fail(file.error());
    const auto content = contentOf(*file, maxFileBytes);
    if (!content)
        return fail(content.error());
    const auto header = parseImageHeader(*content);
    if (!header)
        return fail(header.error());
    if (auto whole = checkImageIsWhole(*content, *header); !whole)
        return whole;
    return decodeImage(*content, *header, shape, out);
}

/// The first image that can really be decoded decides, not the first that has a header.
Expected<void> Loader::chooseShape()
{
    const bool allGrey = std::all_of(m_seen.begin(), m_seen.end(),
                                     [](const Seen& seen) { return !seen.header || seen.header->grey; });
    m_shape = m_options.resizeTo.value_or(ImageShape{});
    if (m_shape.channels != 1 && m_shape.channels != 3)
        m_shape.channels = allGrey ? 1 : 3;
    for (std::size_t i = 0; i < m_seen.size() && !(m_shape.height > 0 && m_shape.width > 0); ++i) {
        if (m_monitor.stopRequested())
            return cancelled();
        if (!m_seen[i].header)
            continue;
        const ImageShape own{m_shape.channels, m_seen[i].header->height, m_seen[i].header->width};
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(own.bytes()));
        if (auto decoded = decode(i, own, pixels); decoded)
            m_shape = own;
        else
            giveUp(i, decoded.error());
    }
    const auto readable =
        std::count_if(m_seen.begin(), m_seen.end(), [](const Seen& seen) { return !!seen.header; });
    const std::array factors{std::int64_t{readable}, m_shape.channels, m_shape.height, m_shape.width};
    const auto bytes = checkedProduct(factors);
    if (!bytes)
        return fail(Error::Kind::BadInput,
                    m_listing.root.string() + ": the shape to resize to overflows any memory");
    return checkAffordable(m_listing.root.string(), *bytes, m_options.maxBytes);
}

Loader::Range Loader::rangeOf(Part part) const
{
    const auto inPart = [part](const ListedImage& image) { return image.id.part == part; };
    const auto& images = m_listing.images;
    const auto first = std::find_if(images.begin(), images.end(), inPart);
    const auto last = std::find_if_not(first, images.end(), inPart);
    return {static_cast<std::size_t>(first - images.begin()),
            static_cast<std::size_t>(last - images.begin())};
}

/// Every readable image gets a slot of the pixel buffer; where one then fails, gather() closes the gap.
Expected<ImageSet> Loader::readPart(Part part)
{
    const auto range = rangeOf(part);
    std::vector<std::size_t> slots(range.second - range.first);
    std::size_t used = 0;
    for (std::size_t i = range.first; i < range.second; ++i)
        slots[i - range.first] = m_seen[i].header ? used++ : 0;
    const auto bytes = static_cast<std::size_t>(m_shape.bytes());
    std::vector<std::uint8_t> pixels(used * bytes);
    const auto work = [&](std::size_t k) {
        const auto i = range.first + k;
        if (m_seen[i].header)
            attempt(i,
                    [&] { return decode(i, m_shape, std::span(pixels).subspan(slots[k] * bytes, bytes)); });
    };
    if (auto done = Pool(slots.size(), work, m_monitor).run("reading images"); !done)
        return fail(done.error());
    if (auto enough = checkMemory(); !enough)
        return fail(enough.error());
    return gather(part, range, slots, std::move(pixels));
}

ImageSet Loader::gather(Part part, Range range, std::span<const std::size_t> slots,
                        std::vector<std::uint8_t> pixels) const
{
    ImageSet set{.part = part, .shape = m_shape};
    const auto bytes = static_cast<std::size_t>(m_shape.bytes());
    for (std::size_t i = range.first; i < range.second; ++i) {
        if (!m_seen[i].header)
            continue;
        const auto slot = slots[i - range.first];
        if (slot != set.labels.size())
            std::memcpy(pixels.data() + set.labels.size() * bytes, pixels.data() + slot * bytes, bytes);
        const auto& image = m_listing.images[i];
        set.labels.push_back(image.label);
        set.sourceIndex.push_back(image.id.index);
        set.files.push_back(image.file);
        if (m_listing.hasCaseIds)
            set.caseIds.push_back(image.caseId);
    }
    pixels.resize(set.labels.size() * bytes);
    set.pixels = PixelBuffer::of(std::move(pixels));
    return set;
}

Expected<void> Loader::checkPart(const ImageSet& set) const
{
    if (set.size() > 0)
        return {};
    const auto [first, last] = rangeOf(set.part);
    const auto place = m_listing.root.string() + ": no " + std::string(nameOf(set.part)) + " image ";
    if (first == last)
        return fail(Error::Kind::BadInput, place + "is there; train and test need at least one each");
    return fail(Error::Kind::BadInput, place + "can be read; the first, " + m_listing.images[first].file +
                                           ", " + m_seen[first].reason);
}

void Loader::nameUnreadable()
{
    for (std::size_t i = 0; i < m_seen.size(); ++i)
        if (!m_seen[i].header)
            m_data.unreadable.push_back({m_listing.images[i].id, m_listing.images[i].file, m_seen[i].reason});
}

Expected<DataSet> Loader::load()
{
    std::error_code code;
    m_root = fs::canonical(m_listing.root, code);
    if (code)
        return fail(Error::Kind::Io, m_listing.root.string() + ": cannot be opened (" + code.message() + ")");
    if (auto looked = lookAtHeaders(); !looked)
        return fail(looked.error());
    if (auto chosen = chooseShape(); !chosen)
        return fail(chosen.error());
    if (auto enough = checkMemory(); !enough)
        return fail(enough.error());
    for (const auto part : {Part::Train, Part::Validation, Part::Test}) {
        auto set = readPart(part);
        if (!set)
            return fail(set.error());
        if (part == Part::Validation && set->size() == 0)
            continue;
        if (auto checked = checkPart(*set); !checked)
            return fail(checked.error());
        place(m_data, std::move(*set));
    }
    nameUnreadable();
    return std::move(m_data);
}

} // namespace

Expected<DataSet> readImages(ImageListing listing, Format format, const ReadOptions& options,
                             const Monitor& monitor)
{
    if (!imageDecoderPresent())
        return fail(Error::Kind::Unsupported,
                    listing.root.string() +
                        ": image files need OpenCV, which this build leaves out; use a build with "
                        "it, or convert the set to IDX, CIFAR binary or NPZ");
    return Loader(std::move(listing), format, options, monitor).load();
}

} // namespace culprit::data
