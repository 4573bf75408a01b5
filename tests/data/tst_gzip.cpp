// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/gzip.h"

#include "tiny_sets.h"

#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <zlib.h>

using namespace culprit;
using namespace culprit::data;

namespace {

std::string gzipped(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string textOf(const FileBytes& content)
{
    return {reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size()};
}

} // namespace

class GzipTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsPlainFiles();
    void recognisesByBytesAndNotByName();
    void readsConcatenatedMembers();
    void readsMoreThanOneChunk();
    void readsTheStartOnly();
    void knowsTheMostAFileCanHold();
    void refusesDamage_data();
    void refusesDamage();
    void stopsAtTheLimit();
    void refusesWhatIsNoPlainFile();
    void stopsWhenAsked();
    void survivesCutsAndFlips();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
};

void GzipTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = std::filesystem::path(m_folder->path().toStdString()) / "file";
}

void GzipTest::readsPlainFiles()
{
    writeText(m_file, "plain bytes");
    const auto content = readPlainOrGzip(m_file, 100, {});
    QVERIFY(content.has_value());
    QCOMPARE(textOf(*content), std::string("plain bytes"));

    writeText(m_file, "");
    QCOMPARE(readPlainOrGzip(m_file, 100, {})->bytes.size(), std::size_t(0));
}

void GzipTest::recognisesByBytesAndNotByName()
{
    writeText(m_file.string() + ".gz", "plain bytes");
    QCOMPARE(textOf(*readPlainOrGzip(m_file.string() + ".gz", 100, {})), std::string("plain bytes"));
    writeText(m_file, gzipped("inflated"));
    QCOMPARE(textOf(*readPlainOrGzip(m_file, 100, {})), std::string("inflated"));
}

void GzipTest::readsConcatenatedMembers()
{
    writeText(m_file, gzipped("one ") + gzipped("") + gzipped("two"));
    const auto content = readPlainOrGzip(m_file, 100, {});
    QVERIFY(content.has_value());
    QCOMPARE(textOf(*content), std::string("one two"));
}

void GzipTest::readsMoreThanOneChunk()
{
    std::string text;
    for (std::uint32_t i = 0, x = 1; i < 1'000'000; ++i, x = x * 1664525 + 1013904223)
        text += static_cast<char>(x >> 24);
    writeText(m_file, gzipped(text));
    const auto content = readPlainOrGzip(m_file, 1'000'000, {});
    QVERIFY(content.has_value());
    QVERIFY(textOf(*content) == text);
}

void GzipTest::readsTheStartOnly()
{
    writeText(m_file, gzipped("0123456789"));
    QCOMPARE(readStart(m_file, 4)->size(), std::size_t(4));
    QCOMPARE(readStart(m_file, 40)->size(), std::size_t(10));
    writeText(m_file, "0123456789");
    QCOMPARE(readStart(m_file, 4)->size(), std::size_t(4));
}

void GzipTest::knowsTheMostAFileCanHold()
{
    writeText(m_file, "0123456789");
    QCOMPARE(*largestContent(m_file), std::int64_t(10));
    const auto zeros = gzipped(std::string(3'000'000, '\0'));
    writeText(m_file, zeros);
    QVERIFY(*largestContent(m_file) >= 3'000'000);
    QCOMPARE(*largestContent(m_file), std::int64_t(zeros.size()) * 1032);
}

void GzipTest::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("idx-cut-short.gz") << QByteArray("is cut short at byte ");
    QTest::newRow("idx-garbage-after-the-end.gz") << QByteArray("no gzip data follow the end at byte ");
    QTest::newRow("idx-checksum-wrong.gz") << QByteArray("incorrect data check) at byte ");
    QTest::newRow("idx-broken-block.gz") << QByteArray("is broken (");
}

void GzipTest::refusesDamage()
{
    QFETCH(QByteArray, says);
    const auto file = brokenFiles / QTest::currentDataTag();
    const auto content = readPlainOrGzip(file, 1 << 20, {});
    QVERIFY(!content);
    QCOMPARE(content.error().kind, Error::Kind::BadInput);
    QVERIFY2(content.error().text.starts_with(file.string()), content.error().text.c_str());
    QVERIFY2(content.error().text.find(says.toStdString()) != std::string::npos,
             content.error().text.c_str());
}

void GzipTest::stopsAtTheLimit()
{
    writeText(m_file, gzipped(std::string(50'000'000, '\0')));
    QVERIFY(std::filesystem::file_size(m_file) < 60'000);
    QCOMPARE(readPlainOrGzip(m_file, 1000, {}).error().kind, Error::Kind::BadInput);
    writeText(m_file, "0123456789");
    QVERIFY(readPlainOrGzip(m_file, 10, {}).has_value());
    QCOMPARE(readPlainOrGzip(m_file, 9, {}).error().kind, Error::Kind::BadInput);
}

void GzipTest::refusesWhatIsNoPlainFile()
{
    QCOMPARE(readPlainOrGzip(m_file, 10, {}).error().kind, Error::Kind::NotFound);
    QCOMPARE(readPlainOrGzip(m_file.parent_path(), 10, {}).error().kind, Error::Kind::BadInput);
    QCOMPARE(readPlainOrGzip("/dev/zero", 10, {}).error().kind, Error::Kind::BadInput);
    QCOMPARE(::mkfifo(m_file.c_str(), 0600), 0);
    QCOMPARE(readPlainOrGzip(m_file, 10, {}).error().kind, Error::Kind::BadInput);
}

void GzipTest::stopsWhenAsked()
{
    writeText(m_file, gzipped("inflated"));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(readPlainOrGzip(m_file, 100, Monitor{stop.get_token(), {}}).error().kind,
             Error::Kind::Cancelled);
}

void GzipTest::survivesCutsAndFlips()
{
    const auto good = gzipped("some text that is long enough to be compressed, text text text");
    for (std::size_t length = 2; length < good.size(); ++length) {
        writeText(m_file, good.substr(0, length));
        QVERIFY(!readPlainOrGzip(m_file, 1000, {}));
    }
    for (std::size_t at = 2; at < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = good;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            writeText(m_file, flipped);
            const auto content = readPlainOrGzip(m_file, 1000, {});
            QVERIFY(!content || content->bytes.size() <= 1000);
        }
    }
}

QTEST_APPLESS_MAIN(GzipTest)
#include "tst_gzip.moc"
