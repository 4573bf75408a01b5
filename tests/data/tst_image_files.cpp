// SPDX-License-Identifier: GPL-3.0-or-later
// Image folders and manifests, with pictures encoded on the spot.
#include "data/io/decode_image.h"
#include "data/io/read_data_set.h"

#include "tiny_sets.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sys/stat.h>

using namespace culprit;
using namespace culprit::data;

namespace fs = std::filesystem;

namespace {

/// `ending` is a file name's, with its dot.
std::vector<std::byte> encoded(const cv::Mat& image, const std::string& ending,
                               const std::vector<int>& options = {})
{
    std::vector<unsigned char> bytes;
    cv::imencode(ending, image, bytes, options);
    const auto out = std::as_bytes(std::span(bytes));
    return {out.begin(), out.end()};
}

cv::Mat grey(int height, int width, int value)
{
    return {height, width, CV_8UC1, cv::Scalar(value)};
}

cv::Mat colour(int height, int width, int red, int green, int blue)
{
    return {height, width, CV_8UC3, cv::Scalar(blue, green, red)};
}

void writeImage(const fs::path& file, const cv::Mat& image)
{
    writeBytes(file, encoded(image, file.extension().string()));
}

/// A JPEG that a camera held sideways: the EXIF orientation says "rotate by 90 degrees".
std::vector<std::byte> sidewaysJpeg(const cv::Mat& image)
{
    auto bytes = encoded(image, ".jpg");
    const std::string exif("\xFF\xE1\x00\x22"
                           "Exif\0\0"
                           "II*\0\x08\0\0\0"
                           "\x01\0"
                           "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
                           "\0\0\0\0",
                           36);
    const auto segment = std::as_bytes(std::span(exif));
    bytes.insert(bytes.begin() + 2, segment.begin(), segment.end());
    return bytes;
}

std::vector<int> valuesOf(const ImageSet& set, std::int64_t row)
{
    const auto image = set.image(row);
    return {image.begin(), image.end()};
}

/// "train 2 b/x.png: why", a line an image.
QStringList unreadableOf(const DataSet& data)
{
    QStringList lines;
    for (const auto& image : data.unreadable)
        lines << QStringLiteral("%1 %2 %3: %4")
                     .arg(QString::fromStdString(std::string(nameOf(image.id.part))))
                     .arg(image.id.index)
                     .arg(QString::fromStdString(image.file), QString::fromStdString(image.reason));
    return lines;
}

} // namespace

class ImageFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void readsAFolder();
    void readsEveryCodec_data();
    void readsEveryCodec();
    void keepsGreyOnlyWhereAllAreGrey();
    void scalesSixteenBitsDown();
    void dropsTransparency();
    void ignoresTheExifOrientation();
    void resizesToTheFirstReadableImage();
    void resizesToWhatIsAskedFor();
    void looksAtBytesAndNotAtNames();

    void namesWhatItCannotRead();
    void refusesBrokenImages_data();
    void refusesBrokenImages();
    void leavesTheDesktopsFilesAlone();
    void ordersByBytes();
    void takesEmptyTrainingFoldersAsClasses();
    void refusesAClassThatTrainLacks();
    void refusesASetWithoutReadableImages();

    void readsAManifest();
    void ordersManifestClasses_data();
    void ordersManifestClasses();
    void keepsManifestPathsInside();
    void refusesBrokenManifests_data();
    void refusesBrokenManifests();

    void refusesMoreThanTheLimit();
    void reportsAndStops();
    void survivesCutsAndFlips_data();
    void survivesCutsAndFlips();

private:
    Expected<DataSet> read(const ReadOptions& options = {}) { return readDataSet(m_root, options, {}); }
    void writeGoodTest() { writeImage(m_root / "test/a/1.png", grey(2, 3, 9)); }

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_root;
};

void ImageFilesTest::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_root = fs::path(m_temporary->path().toStdString()) / "set";
    fs::create_directories(m_root);
}

void ImageFilesTest::readsAFolder()
{
    writeImage(m_root / "train/b/2.png", grey(2, 3, 20));
    writeImage(m_root / "train/b/1.png", grey(2, 3, 10));
    writeImage(m_root / "train/a/9.png", grey(2, 3, 90));
    writeImage(m_root / "test/b/5.png", grey(2, 3, 50));
    writeImage(m_root / "val/a/7.png", grey(2, 3, 70));
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->format, Format::Folder);
    QCOMPARE(data->path, m_root.string());
    QCOMPARE(data->classNames, (std::vector<std::string>{"a", "b"}));
    QVERIFY((data->train.shape == ImageShape{1, 2, 3}));
    QCOMPARE(data->train.labels, (std::vector<std::int32_t>{0, 1, 1}));
    QCOMPARE(data->train.files,
             (std::vector<std::string>{"train/a/9.png", "train/b/1.png", "train/b/2.png"}));
    QCOMPARE(valuesOf(data->train, 1), std::vector<int>(6, 10));
    QCOMPARE(data->test.labels, (std::vector<std::int32_t>{1}));
    QVERIFY(data->validation.has_value());
    QCOMPARE(valuesOf(*data->validation, 0), std::vector<int>(6, 70));
    QVERIFY(data->train.caseIds.empty());
    QVERIFY(data->unreadable.empty());
    verifySound(*data);
}

void ImageFilesTest::readsEveryCodec_data()
{
    QTest::addColumn<QString>("ending");

    for (const char* ending : {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".PNG"})
        QTest::newRow(ending) << ending;
}

void ImageFilesTest::readsEveryCodec()
{
    QFETCH(QString, ending);
    writeImage(m_root / ("train/a/1" + ending.toStdString()), colour(4, 6, 200, 100, 50));
    writeImage(m_root / ("test/a/1" + ending.toStdString()), colour(4, 6, 200, 100, 50));
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QVERIFY((data->train.shape == ImageShape{3, 4, 6}));
    const auto values = valuesOf(data->train, 0);
    for (const auto& [channel, wanted] : {std::pair{0, 200}, {1, 100}, {2, 50}})
        for (int pixel = 0; pixel < 24; ++pixel)
            QVERIFY(std::abs(values[std::size_t(channel * 24 + pixel)] - wanted) <= 3);
}

void ImageFilesTest::keepsGreyOnlyWhereAllAreGrey()
{
    writeImage(m_root / "train/a/1.bmp", grey(2, 3, 10));
    writeImage(m_root / "train/a/2.jpg", grey(2, 3, 10));
    writeGoodTest();
    QCOMPARE(read()->train.shape.channels, std::int64_t(1));

    writeImage(m_root / "test/a/2.png", colour(2, 3, 1, 2, 3));
    const auto data = read();
    QCOMPARE(data->train.shape.channels, std::int64_t(3));
    QCOMPARE(valuesOf(data->train, 0), std::vector<int>(18, 10));
    QCOMPARE(valuesOf(data->test, 1),
             (std::vector<int>{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3}));
}

void ImageFilesTest::scalesSixteenBitsDown()
{
    writeImage(m_root / "train/a/1.png", cv::Mat(2, 3, CV_16UC1, cv::Scalar(257 * 77)));
    writeImage(m_root / "train/a/2.png", cv::Mat(2, 3, CV_16UC1, cv::Scalar(65535)));
    writeGoodTest();
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(valuesOf(data->train, 0), std::vector<int>(6, 77));
    QCOMPARE(valuesOf(data->train, 1), std::vector<int>(6, 255));
}

void ImageFilesTest::dropsTransparency()
{
    writeImage(m_root / "train/a/1.png", cv::Mat(2, 3, CV_8UC4, cv::Scalar(30, 20, 10, 0)));
    writeGoodTest();
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(valuesOf(data->train, 0)[0], 10);
    QCOMPARE(valuesOf(data->train, 0)[17], 30);
}

void ImageFilesTest::ignoresTheExifOrientation()
{
    writeBytes(m_root / "train/a/1.jpg", sidewaysJpeg(grey(2, 3, 10)));
    writeGoodTest();
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QVERIFY((data->train.shape == ImageShape{1, 2, 3}));
    QVERIFY(data->unreadable.empty());
}

void ImageFilesTest::resizesToTheFirstReadableImage()
{
    writeBytes(m_root / "train/a/1.png", bytesOf(brokenFiles / "png-more-rows-than-data.png"));
    writeImage(m_root / "train/a/2.png", grey(2, 4, 10));
    cv::Mat steps = grey(4, 8, 0);
    steps.colRange(4, 8) = cv::Scalar(100);
    writeImage(m_root / "train/a/3.png", steps);
    writeGoodTest();
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QVERIFY((data->train.shape == ImageShape{1, 2, 4}));
    QVERIFY((data->test.shape == ImageShape{1, 2, 4}));
    QCOMPARE(valuesOf(data->train, 1), (std::vector<int>{0, 0, 100, 100, 0, 0, 100, 100}));
    QCOMPARE(unreadableOf(*data),
             QStringList{"train 0 train/a/1.png: cannot be decoded, its data is damaged"});
}

void ImageFilesTest::resizesToWhatIsAskedFor()
{
    writeImage(m_root / "train/a/1.png", grey(8, 8, 10));
    writeGoodTest();
    QVERIFY((read({.resizeTo = ImageShape{0, 4, 5}})->train.shape == ImageShape{1, 4, 5}));
    const auto data = read({.resizeTo = ImageShape{3, 4, 5}});
    QVERIFY((data->train.shape == ImageShape{3, 4, 5}));
    QCOMPARE(valuesOf(data->test, 0), std::vector<int>(60, 9));

    writeImage(m_root / "train/a/1.png", colour(8, 8, 255, 0, 0));
    QCOMPARE(valuesOf(read({.resizeTo = ImageShape{1, 1, 1}})->train, 0),
             std::vector<int>{76}); // 0.299 · 255
}

void ImageFilesTest::looksAtBytesAndNotAtNames()
{
    writeBytes(m_root / "train/a/1.png", encoded(grey(2, 3, 10), ".bmp"));
    writeGoodTest();
    const auto data = read();
    QVERIFY(data.has_value());
    QCOMPARE(valuesOf(data->train, 0), std::vector<int>(6, 10));
}

void ImageFilesTest::namesWhatItCannotRead()
{
    writeText(m_root / "train/a/0.png", "");
    writeImage(m_root / "train/a/1.png", grey(2, 3, 10));
    writeText(m_root / "train/a/notes.txt", "hello");
    writeImage(m_root / "train/a/2.png", grey(2, 3, 20));
    fs::create_directories(m_root / "train/a/deeper");
    writeImage(m_root / "train/b/1.png", grey(2, 3, 30));
    writeImage(m_root / "train/loose.png", grey(2, 3, 40));
    fs::create_symlink("/etc/hostname", m_root / "train/a/3.png");
    fs::create_symlink("1.png", m_root / "train/a/4.png");
    fs::create_symlink("absent.png", m_root / "train/a/5.png");
    QCOMPARE(::mkfifo((m_root / "train/b/0.png").c_str(), 0600), 0);
    writeGoodTest();
    writeText(m_root / "test/a/0.png", "no picture");

    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(unreadableOf(*data),
             (QStringList{
                 "train 0 train/a/0.png: is empty",
                 "train 3 train/a/3.png: is a link that leads out of the data set's folder",
                 "train 5 train/a/5.png: is not there",
                 "train 6 train/a/notes.txt: its name does not end in .png, .jpg, .jpeg, .bmp or .webp",
                 "train 7 train/a/deeper: is a folder within a class; only files directly in it are read",
                 "train 8 train/b/0.png: is not a plain file but a folder, a device or a pipe",
                 "train 10 train/loose.png: lies outside the class folders",
                 "test 0 test/a/0.png: is no PNG, JPEG, BMP or WebP image (it begins with 6e 6f 20 70)",
             }));
    QCOMPARE(data->train.sourceIndex, (std::vector<std::int64_t>{1, 2, 4, 9}));
    QCOMPARE(data->train.files,
             (std::vector<std::string>{"train/a/1.png", "train/a/2.png", "train/a/4.png", "train/b/1.png"}));
    QCOMPARE(valuesOf(data->train, 3), std::vector<int>(6, 30));
    QCOMPARE(data->test.sourceIndex, (std::vector<std::int64_t>{1}));
    QCOMPARE(data->train.size() + data->test.size() + std::int64_t(data->unreadable.size()),
             std::int64_t(13));
    verifySound(*data);
}

void ImageFilesTest::refusesBrokenImages_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("png-header-lies.png") << QByteArray("says it is 100000 x 100000");
    QTest::newRow("png-more-rows-than-data.png") << QByteArray("cannot be decoded");
    QTest::newRow("png-checksum-wrong.png") << QByteArray("has a wrong checksum");
    QTest::newRow("png-cut-short.png") << QByteArray("is cut short");
    QTest::newRow("jpeg-of-many-scans.jpg") << QByteArray("has more than 100 JPEG scans");
    QTest::newRow("bmp-cut-short.bmp") << QByteArray("is cut short");
    QTest::newRow("webp-animated.webp") << QByteArray("is an animated WebP");
}

void ImageFilesTest::refusesBrokenImages()
{
    QFETCH(QByteArray, says);
    writeBytes(m_root / "train/a/1.png", bytesOf(brokenFiles / QTest::currentDataTag()));
    writeImage(m_root / "train/a/2.png", grey(2, 3, 10));
    writeGoodTest();
    const auto data = read();
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->unreadable.size(), std::size_t(1));
    QVERIFY2(data->unreadable[0].reason.starts_with(says.toStdString()), data->unreadable[0].reason.c_str());
    QCOMPARE(data->train.sourceIndex, (std::vector<std::int64_t>{1}));
}

void ImageFilesTest::leavesTheDesktopsFilesAlone()
{
    writeImage(m_root / "train/a/1.png", grey(2, 3, 10));
    writeGoodTest();
    for (const char* name : {".DS_Store", "Thumbs.db", "desktop.ini", "._1.png"})
        writeText(m_root / "train/a" / name, "x");
    fs::create_directories(m_root / "train/.cache");
    const auto data = read();
    QVERIFY(data.has_value());
    QVERIFY(data->unreadable.empty());
    QCOMPARE(data->classNames, (std::vector<std::string>{"a"}));
    QCOMPARE(data->train.sourceIndex, (std::vector<std::int64_t>{0}));
}

void ImageFilesTest::ordersByBytes()
{
    for (const char* name : {"train/a/10.png", "train/a/9.png", "train/B/1.png", "train/ä/1.png"})
        writeImage(m_root / name, grey(2, 3, 10));
    writeGoodTest();
    const auto data = read();
    QVERIFY(data.has_value());
    QCOMPARE(data->classNames, (std::vector<std::string>{"B", "a", "ä"}));
    QCOMPARE(data->train.files,
             (std::vector<std::string>{"train/B/1.png", "train/a/10.png", "train/a/9.png", "train/ä/1.png"}));
}

void ImageFilesTest::takesEmptyTrainingFoldersAsClasses()
{
    writeImage(m_root / "train/c/1.png", grey(2, 3, 10));
    fs::create_directories(m_root / "train/a");
    writeGoodTest();
    const auto data = read();
    QVERIFY(data.has_value());
    QCOMPARE(data->train.labels, (std::vector<std::int32_t>{1}));
    QCOMPARE(data->test.labels, (std::vector<std::int32_t>{0}));
}

void ImageFilesTest::refusesAClassThatTrainLacks()
{
    writeImage(m_root / "train/b/1.png", grey(2, 3, 10));
    writeGoodTest();
    const auto data = read();
    QVERIFY(!data);
    QCOMPARE(data.error().kind, Error::Kind::BadInput);
    QVERIFY2(data.error().text.find("test/a: is a class that train lacks") != std::string::npos,
             data.error().text.c_str());
}

void ImageFilesTest::refusesASetWithoutReadableImages()
{
    writeImage(m_root / "train/a/1.png", grey(2, 3, 10));
    fs::create_directories(m_root / "test/a");
    auto data = read();
    QVERIFY(!data);
    QVERIFY2(data.error().text.find("no test image is there") != std::string::npos,
             data.error().text.c_str());

    writeText(m_root / "test/a/1.png", "");
    data = read();
    QVERIFY(!data);
    QCOMPARE(data.error().kind, Error::Kind::BadInput);
    QVERIFY2(data.error().text.find("no test image can be read; the first, test/a/1.png, is empty") !=
                 std::string::npos,
             data.error().text.c_str());
}

void ImageFilesTest::readsAManifest()
{
    for (const int i : {1, 2, 3, 4})
        writeImage(m_root / ("pictures/" + std::to_string(i) + ".png"), grey(2, 3, i * 10));
    const auto manifest = m_root / "set.csv";
    writeText(manifest, "site,split,path,label,case_id\r\n"
                        "x,train,pictures/3.png,well,p1\r\n"
                        "x,Test,pictures/1.png,ill,p2\r\n"
                        "x,train,pictures/absent.png,well,p9\r\n"
                        "y,train,./pictures/2.png,ill,\"p,3\"\r\n"
                        "y,VALIDATION,pictures/4.png,well,p4\r\n");
    const auto data = readDataSet(manifest, {}, {});
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->format, Format::Manifest);
    QCOMPARE(data->path, manifest.string());
    QCOMPARE(data->classNames, (std::vector<std::string>{"ill", "well"}));
    QCOMPARE(data->train.labels, (std::vector<std::int32_t>{1, 0}));
    QCOMPARE(data->train.files, (std::vector<std::string>{"pictures/3.png", "./pictures/2.png"}));
    QCOMPARE(data->train.caseIds, (std::vector<std::string>{"p1", "p,3"}));
    QCOMPARE(data->train.sourceIndex, (std::vector<std::int64_t>{0, 2}));
    QCOMPARE(valuesOf(data->train, 1), std::vector<int>(6, 20));
    QCOMPARE(valuesOf(data->test, 0), std::vector<int>(6, 10));
    QCOMPARE(valuesOf(*data->validation, 0), std::vector<int>(6, 40));
    QCOMPARE(unreadableOf(*data), QStringList{"train 1 pictures/absent.png: is not there"});
    verifySound(*data);
}

void ImageFilesTest::ordersManifestClasses_data()
{
    QTest::addColumn<std::vector<std::string>>("labels");
    QTest::addColumn<std::vector<std::string>>("classNames");

    using Names = std::vector<std::string>;
    QTest::newRow("names") << Names{"b", "B", "a"} << Names{"B", "a", "b"};
    QTest::newRow("numbers") << Names{"10", "9", "0"} << Names{"0", "9", "10"};
    QTest::newRow("numbers below zero") << Names{"1", "-1"} << Names{"-1", "1"};
    QTest::newRow("mixed") << Names{"10", "9", "x"} << Names{"10", "9", "x"};
}

void ImageFilesTest::ordersManifestClasses()
{
    QFETCH(std::vector<std::string>, labels);
    QFETCH(std::vector<std::string>, classNames);
    writeImage(m_root / "1.png", grey(2, 3, 10));
    std::string text = "path,label,split\n1.png," + labels[0] + ",test\n";
    for (const auto& label : labels)
        text += "1.png," + label + ",train\n";
    writeText(m_root / "set.csv", text);
    const auto data = readDataSet(m_root / "set.csv", {}, {});
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->classNames, classNames);
    for (std::size_t i = 0; i < labels.size(); ++i)
        QCOMPARE(data->classNames[std::size_t(data->train.labels[i])], labels[i]);
}

void ImageFilesTest::keepsManifestPathsInside()
{
    writeImage(m_root / "in/1.png", grey(2, 3, 10));
    writeImage(m_root.parent_path() / "set-beside/1.png", grey(2, 3, 10));
    writeImage(m_root.parent_path() / "out.png", grey(2, 3, 10));
    fs::create_symlink("../../out.png", m_root / "in/link.png");
    fs::create_directory_symlink("../../set-beside", m_root / "in/beside");
    QCOMPARE(::mkfifo((m_root / "in/pipe.png").c_str(), 0600), 0);
    const auto absolute = (m_root / "in/1.png").string();
    writeText(m_root / "set.csv", "path,label,split\nin/1.png,a,train\nin/1.png,a,test\n"
                                  "../out.png,a,train\nin/../in/1.png,a,train\n" +
                                      absolute +
                                      ",a,train\nin/link.png,a,train\nin/beside/1.png,a,train\n"
                                      "in/pipe.png,a,train\nin,a,train\n,a,train\n");
    const auto data = readDataSet(m_root / "set.csv", {}, {});
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->train.size(), std::int64_t(1));
    QCOMPARE(unreadableOf(*data),
             (QStringList{
                 "train 1 ../out.png: leaves the manifest's folder by \"..\"",
                 "train 2 in/../in/1.png: leaves the manifest's folder by \"..\"",
                 "train 3 " + QString::fromStdString(absolute) +
                     ": is an absolute path; paths are relative to the manifest's folder",
                 "train 4 in/link.png: is a link that leads out of the data set's folder",
                 "train 5 in/beside/1.png: is a link that leads out of the data set's folder",
                 "train 6 in/pipe.png: is not a plain file but a folder, a device or a pipe",
                 "train 7 in: is not a plain file but a folder, a device or a pipe",
                 "train 8 : the row names no file",
             }));
}

void ImageFilesTest::refusesBrokenManifests_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("split") << QByteArray("1.png,a,train\n1.png,a,tset\n")
                           << QByteArray("set.csv, line 3: the split is \"tset\"");
    QTest::newRow("no label") << QByteArray("1.png,a,train\n1.png,,test\n")
                              << QByteArray("set.csv, line 3: the label is empty");
    QTest::newRow("label only in test")
        << QByteArray("1.png,a,train\n\n1.png,b,test\n")
        << QByteArray("set.csv, line 4: the label \"b\" is none of the training rows'");
    QTest::newRow("no training row") << QByteArray("1.png,a,test\n")
                                     << QByteArray("training rows: has 0 classes");
    QTest::newRow("no test row") << QByteArray("1.png,a,train\n") << QByteArray("no test image is there");
    QTest::newRow("broken table") << QByteArray("1.png,a\n") << QByteArray("set.csv, line 2: 2 fields");
}

void ImageFilesTest::refusesBrokenManifests()
{
    QFETCH(QByteArray, rows);
    QFETCH(QByteArray, says);
    writeImage(m_root / "1.png", grey(2, 3, 10));
    writeText(m_root / "set.csv", "path,label,split\n" + rows.toStdString());
    const auto data = readDataSet(m_root / "set.csv", {}, {});
    QVERIFY(!data);
    QCOMPARE(data.error().kind, Error::Kind::BadInput);
    QVERIFY2(data.error().text.find(says.toStdString()) != std::string::npos, data.error().text.c_str());
}

void ImageFilesTest::refusesMoreThanTheLimit()
{
    writeImage(m_root / "train/a/1.png", grey(20, 30, 10));
    writeImage(m_root / "train/a/2.png", grey(20, 30, 10));
    writeGoodTest();
    QVERIFY(read({.maxBytes = 1800}).has_value());
    QCOMPARE(read({.maxBytes = 1799}).error().kind, Error::Kind::OutOfMemory);
    const ImageShape huge{3, std::int64_t{1} << 40, std::int64_t{1} << 40};
    QCOMPARE(read({.resizeTo = huge}).error().kind, Error::Kind::BadInput);
}

void ImageFilesTest::reportsAndStops()
{
    const auto picture = encoded(grey(700, 700, 10), ".png");
    for (int i = 0; i < 300; ++i)
        writeBytes(m_root / ("train/a/" + std::to_string(i) + ".png"), picture);
    writeGoodTest();

    std::int64_t most = 0;
    QStringList phases;
    const auto note = [&](const Progress& progress) {
        QVERIFY(progress.done <= progress.total);
        most = std::max(most, progress.total);
        const auto phase = QString::fromUtf8(progress.phase.data(), qsizetype(progress.phase.size()));
        if (!phases.contains(phase))
            phases << phase;
    };
    QVERIFY(readDataSet(m_root, {}, Monitor{{}, note}).has_value());
    QCOMPARE(most, std::int64_t(301));
    QCOMPARE(phases, (QStringList{"looking at image files", "reading images"}));

    std::stop_source stop;
    QElapsedTimer sinceStop;
    const auto stopWhileReading = [&](const Progress& progress) {
        if (progress.phase == "reading images" && stop.request_stop())
            sinceStop.start();
    };
    const auto stopped = readDataSet(m_root, {}, Monitor{stop.get_token(), stopWhileReading});
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, Error::Kind::Cancelled);
    QVERIFY2(sinceStop.elapsed() < 200, qPrintable(QString::number(sinceStop.elapsed())));
}

void ImageFilesTest::survivesCutsAndFlips_data()
{
    QTest::addColumn<QString>("ending");

    for (const char* ending : {".png", ".jpg", ".bmp", ".webp"})
        QTest::newRow(ending) << ending;
}

void ImageFilesTest::survivesCutsAndFlips()
{
    QFETCH(QString, ending);
    cv::Mat image(5, 7, CV_8UC3);
    for (int i = 0; i < 105; ++i)
        image.data[i] = static_cast<unsigned char>(i * 37);
    const auto good = encoded(image, ending.toStdString());
    const ImageShape shape{3, 4, 4};
    std::vector<std::uint8_t> out(static_cast<std::size_t>(shape.bytes()));
    const auto tryDecoding = [&](std::span<const std::byte> bytes) {
        const auto header = parseImageHeader(bytes);
        return header && header->width * header->height < 10'000'000 && checkImageIsWhole(bytes, *header) &&
               decodeImage(bytes, *header, shape, out);
    };
    QVERIFY(tryDecoding(good));
    for (std::size_t length = 0; length < good.size(); ++length)
        QVERIFY(!tryDecoding(std::span(good).first(length)));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const int mask : {0x01, 0x10, 0x80, 0xff}) {
            auto flipped = good;
            flipped[at] ^= static_cast<std::byte>(mask);
            tryDecoding(flipped);
        }
    }
}

QTEST_APPLESS_MAIN(ImageFilesTest)
#include "tst_image_files.moc"
