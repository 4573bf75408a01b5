// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/image_header.h"

#include "tiny_sets.h"

#include <QTest>

using namespace culprit;
using namespace culprit::data;

class ImageHeaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesBrokenHeaders_data();
    void refusesBrokenHeaders();
    void refusesFilesThatAreNotWhole_data();
    void refusesFilesThatAreNotWhole();
    void survivesEveryPrefixAndFlip();
};

void ImageHeaderTest::refusesBrokenHeaders_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("empty.png") << QByteArray("is empty");
    QTest::newRow("gif-called-png.png")
        << QByteArray("is no PNG, JPEG, BMP or WebP image (it begins with 47 49 46 38)");
    QTest::newRow("text-called-jpeg.jpg") << QByteArray("is no PNG, JPEG, BMP or WebP image");
    QTest::newRow("png-header-lies.png")
        << QByteArray("says it is 100000 x 100000 pixels, more than 67108864");
    QTest::newRow("png-zero-wide.png") << QByteArray("says it is 0 x 2 pixels");
    QTest::newRow("bmp-height-below-all.bmp") << QByteArray("says it is 1 x 2147483648 pixels");
    QTest::newRow("webp-animated.webp") << QByteArray("is an animated WebP");
}

void ImageHeaderTest::refusesBrokenHeaders()
{
    QFETCH(QByteArray, says);
    const auto header = parseImageHeader(bytesOf(brokenFiles / QTest::currentDataTag()));
    QVERIFY(!header);
    QCOMPARE(header.error().kind, Error::Kind::BadInput);
    QVERIFY2(header.error().text.starts_with(says.toStdString()), header.error().text.c_str());
}

void ImageHeaderTest::refusesFilesThatAreNotWhole_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("png-checksum-wrong.png") << QByteArray("has a wrong checksum in the PNG chunk at byte 33");
    QTest::newRow("png-cut-short.png") << QByteArray("is cut short at byte");
    QTest::newRow("jpeg-frame-header-only.jpg") << QByteArray("is cut short at byte");
    QTest::newRow("jpeg-of-many-scans.jpg") << QByteArray("has more than 100 JPEG scans");
    QTest::newRow("bmp-cut-short.bmp") << QByteArray("is cut short at byte 58");
    QTest::newRow("webp-longer-than-the-file.webp") << QByteArray("is cut short at byte");
}

void ImageHeaderTest::refusesFilesThatAreNotWhole()
{
    QFETCH(QByteArray, says);
    const auto bytes = bytesOf(brokenFiles / QTest::currentDataTag());
    const auto header = parseImageHeader(bytes);
    QVERIFY2(header.has_value(), header ? "" : header.error().text.c_str());
    const auto whole = checkImageIsWhole(bytes, *header);
    QVERIFY(!whole);
    QCOMPARE(whole.error().kind, Error::Kind::BadInput);
    QVERIFY2(whole.error().text.starts_with(says.toStdString()), whole.error().text.c_str());
}

void ImageHeaderTest::survivesEveryPrefixAndFlip()
{
    const auto tryParsing = [](std::span<const std::byte> bytes) {
        const auto header = parseImageHeader(bytes);
        if (!header)
            return;
        QVERIFY(header->width > 0 && header->height > 0 && header->width * header->height <= maxImagePixels);
        static_cast<void>(checkImageIsWhole(bytes, *header).has_value());
    };
    for (const auto& entry : std::filesystem::directory_iterator(brokenFiles)) {
        const auto bytes = bytesOf(entry.path());
        if (bytes.size() > 2000)
            continue;
        for (std::size_t length = 0; length < bytes.size(); ++length)
            tryParsing(std::span(bytes).first(length));
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                auto flipped = bytes;
                flipped[at] ^= static_cast<std::byte>(1 << bit);
                tryParsing(flipped);
            }
        }
    }
}

QTEST_APPLESS_MAIN(ImageHeaderTest)
#include "tst_image_header.moc"
