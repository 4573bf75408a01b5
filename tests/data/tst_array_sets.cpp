// SPDX-License-Identifier: GPL-3.0-or-later
// IDX, CIFAR binary and NPZ: real sets, what is written comes back, and broken files are refused with their
// place.
#include "data/io/read_data_set.h"
#include "data/io/write_data_set.h"

#include "data/io/cifar.h"
#include "data/io/decode_image.h"
#include "data/io/idx.h"
#include "data/io/npz.h"
#include "tiny_sets.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>

using namespace culprit;
using namespace culprit::data;

namespace fs = std::filesystem;

namespace {

Expected<DataSet> read(const fs::path& path, const ReadOptions& options = {})
{
    return readDataSet(path, options, {});
}

std::vector<std::string> digits(std::size_t count)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
        names.push_back(std::to_string(i));
    return names;
}

void writeIdxPair(const fs::path& folder, const std::string& prefix, std::int64_t count,
                  const std::vector<std::uint8_t>& labels)
{
    const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * 12), 7);
    const std::array<std::int64_t, 3> images{count, 3, 4};
    const std::array<std::int64_t, 1> labelCount{static_cast<std::int64_t>(labels.size())};
    writeBytes(folder / (prefix + "-images-idx3-ubyte"), idxBytes(images, pixels));
    writeBytes(folder / (prefix + "-labels-idx1-ubyte"), idxBytes(labelCount, labels));
}

void writeGoodIdx(const fs::path& folder)
{
    writeIdxPair(folder, "train", 2, {0, 1});
    writeIdxPair(folder, "t10k", 2, {1, 0});
}

} // namespace

class ArraySetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsMnist();
    void readsCifar();
    void readsMedMnist_data();
    void readsMedMnist();

    void writtenSetsComeBack_data();
    void writtenSetsComeBack();
    void writesTheSameBytesAgain();
    void overwritesNothing();
    void refusesNamesThatFillNoLine();

    void mapsUncompressedIdx();
    void countsIdxClassesOverAllParts();
    void namesIdxClasses();
    void refusesIdxLabelsWithoutAName();
    void refusesBrokenIdx_data();
    void refusesBrokenIdx();
    void needsEveryIdxFile();

    void readsCifarBatchesInNumericalOrder();
    void oneBatchIsNotCopied();
    void prefersThePlainBatch();
    void refusesBrokenCifar_data();
    void refusesBrokenCifar();

    void refusesBrokenNpz_data();
    void refusesBrokenNpz();

    void saysWhatItLookedFor();
    void refusesTwoSetsInOneFolder();
    void recognisesByLooking();
    void refusesImageFilesWithoutADecoder();
    void refusesMoreThanTheLimit();
    void stopsWhenAsked();
    void survivesCutsAndFlips_data();
    void survivesCutsAndFlips();

private:
    void refuses(const Expected<DataSet>& data, Error::Kind kind, const std::string& says);

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;
};

void ArraySetsTest::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = m_temporary->path().toStdString();
}

void ArraySetsTest::refuses(const Expected<DataSet>& data, Error::Kind kind, const std::string& says)
{
    QVERIFY(!data);
    QVERIFY2(data.error().text.find(says) != std::string::npos, data.error().text.c_str());
    QVERIFY2(data.error().text.find('\n') == std::string::npos, data.error().text.c_str());
    QCOMPARE(data.error().kind, kind);
}

void ArraySetsTest::readsMnist()
{
    if (!fs::exists(realSets / "mnist"))
        QSKIP("the MNIST files are not on this machine");
    const auto data = read(realSets / "mnist");
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->format, Format::Idx);
    QCOMPARE(data->classNames, digits(10));
    QVERIFY((data->train.shape == ImageShape{1, 28, 28}));
    QCOMPARE(data->train.size(), std::int64_t(60000));
    QCOMPARE(data->test.size(), std::int64_t(10000));
    QCOMPARE(sumOf(data->train.labels), std::int64_t(267236));
    QCOMPARE(sumOf(data->test.labels), std::int64_t(44434));
    QCOMPARE(sumOf(data->train), std::int64_t(1567298545));
    QCOMPARE(sumOf(data->test), std::int64_t(264923200));
    QVERIFY(!data->validation);
    QVERIFY(data->unreadable.empty());
    verifySound(*data);
}

void ArraySetsTest::readsCifar()
{
    if (!fs::exists(realSets / "cifar10"))
        QSKIP("the CIFAR-10 files are not on this machine");
    const auto data = read(realSets / "cifar10");
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->format, Format::Cifar);
    QCOMPARE(data->classNames, (std::vector<std::string>{"airplane", "automobile", "bird", "cat", "deer",
                                                         "dog", "frog", "horse", "ship", "truck"}));
    QVERIFY((data->train.shape == ImageShape{3, 32, 32}));
    QCOMPARE(data->train.size(), std::int64_t(10000));
    QCOMPARE(data->test.size(), std::int64_t(10000));
    QCOMPARE(sumOf(data->train.labels), std::int64_t(44983));
    QCOMPARE(sumOf(data->test.labels), std::int64_t(45000));
    QCOMPARE(sumOf(data->train), std::int64_t(3718380578));
    QCOMPARE(sumOf(data->test), std::int64_t(3733375634));
    const auto first = data->train.image(0);
    QCOMPARE((std::vector<int>(first.begin(), first.begin() + 4)), (std::vector<int>{59, 43, 50, 68}));
    verifySound(*data);
}

void ArraySetsTest::readsMedMnist_data()
{
    QTest::addColumn<std::vector<std::int64_t>>("sizes"); // train, val, test
    QTest::addColumn<std::vector<std::int64_t>>("pixelSums");
    QTest::addColumn<std::vector<std::int64_t>>("labelSums");

    QTest::newRow("breastmnist.npz") << std::vector<std::int64_t>{546, 78, 156}
                                     << std::vector<std::int64_t>{35757482, 5282574, 10478773}
                                     << std::vector<std::int64_t>{399, 57, 114};
    QTest::newRow("pneumoniamnist.npz") << std::vector<std::int64_t>{4708, 524, 624}
                                        << std::vector<std::int64_t>{538305934, 59624090, 70355184}
                                        << std::vector<std::int64_t>{3494, 389, 390};
}

void ArraySetsTest::readsMedMnist()
{
    QFETCH(std::vector<std::int64_t>, sizes);
    QFETCH(std::vector<std::int64_t>, pixelSums);
    QFETCH(std::vector<std::int64_t>, labelSums);
    const auto file = realSets / "medmnist" / QTest::currentDataTag();
    if (!fs::exists(file))
        QSKIP("the MedMNIST files are not on this machine");
    const auto data = read(file);
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->format, Format::Npz);
    QCOMPARE(data->classNames, digits(2));
    QVERIFY(data->validation.has_value());
    const std::array parts{&data->train, &*data->validation, &data->test};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        QVERIFY((parts[i]->shape == ImageShape{1, 28, 28}));
        QCOMPARE(parts[i]->size(), sizes[i]);
        QCOMPARE(sumOf(*parts[i]), pixelSums[i]);
        QCOMPARE(sumOf(parts[i]->labels), labelSums[i]);
    }
    verifySound(*data);
}

void ArraySetsTest::writtenSetsComeBack_data()
{
    QTest::addColumn<DataSet>("data");
    QTest::addColumn<Format>("format");
    QTest::addColumn<QStringList>("files");

    const std::vector<std::string> animals{"cat", "dog, wild", "Igel"};
    QTest::newRow("grey") << tinySet({1, 3, 4}, digits(3)) << Format::Idx
                          << QStringList{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
                                         "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};
    QTest::newRow("grey with names") << tinySet({1, 3, 4}, animals, 2) << Format::Idx
                                     << QStringList{"classes.txt",
                                                    "t10k-images-idx3-ubyte.gz",
                                                    "t10k-labels-idx1-ubyte.gz",
                                                    "train-images-idx3-ubyte.gz",
                                                    "train-labels-idx1-ubyte.gz",
                                                    "val-images-idx3-ubyte.gz",
                                                    "val-labels-idx1-ubyte.gz"};
    QTest::newRow("grey with a class that has no image")
        << tinySet({1, 3, 4}, digits(9)) << Format::Idx
        << QStringList{"classes.txt", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
                       "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};
    QTest::newRow("as CIFAR") << tinySet({3, 32, 32}, digits(10), 3) << Format::Cifar
                              << QStringList{"batches.meta.txt", "data_batch_1.bin", "test_batch.bin",
                                             "val_batch.bin"};
    QTest::newRow("as CIFAR, fewer classes")
        << tinySet({3, 32, 32}, animals) << Format::Cifar
        << QStringList{"batches.meta.txt", "data_batch_1.bin", "test_batch.bin"};
    QTest::newRow("other colour") << tinySet({3, 5, 2}, digits(4)) << Format::Npz << QStringList{"data.npz"};
    QTest::newRow("other colour with names")
        << tinySet({3, 5, 2}, animals, 2) << Format::Npz << QStringList{"data.npz"};
    QTest::newRow("many grey classes")
        << tinySet({1, 2, 2}, digits(300)) << Format::Npz << QStringList{"data.npz"};
}

void ArraySetsTest::writtenSetsComeBack()
{
    QFETCH(DataSet, data);
    QFETCH(Format, format);
    QFETCH(QStringList, files);
    const auto folder = m_folder / "deep" / "folder";
    const auto written = writeDataSet(data, folder);
    QVERIFY2(written.has_value(), written ? "" : written.error().text.c_str());
    QCOMPARE(*written, format);
    QCOMPARE(QDir(QString::fromStdString(folder.string())).entryList(QDir::Files | QDir::Hidden, QDir::Name),
             files);

    const auto back = read(folder);
    QVERIFY2(back.has_value(), back ? "" : back.error().text.c_str());
    QCOMPARE(back->format, format);
    QCOMPARE(back->path, folder.string());
    QCOMPARE(back->classNames, data.classNames);
    verifySame(back->train, data.train);
    verifySame(back->test, data.test);
    QCOMPARE(back->validation.has_value(), data.validation.has_value());
    if (data.validation)
        verifySame(*back->validation, *data.validation);
    verifySound(*back);
}

void ArraySetsTest::writesTheSameBytesAgain()
{
    for (const auto shape : {ImageShape{1, 3, 4}, ImageShape{3, 5, 2}}) {
        const auto data = tinySet(shape, {"a", "b"});
        const auto name = std::to_string(shape.channels);
        QVERIFY(writeDataSet(data, m_folder / (name + "first")).has_value());
        QVERIFY(writeDataSet(data, m_folder / (name + "second")).has_value());
        for (const auto& entry : fs::directory_iterator(m_folder / (name + "first")))
            QVERIFY(bytesOf(entry.path()) == bytesOf(m_folder / (name + "second") / entry.path().filename()));
    }
}

void ArraySetsTest::overwritesNothing()
{
    for (const char* name : {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "data_batch_3.bin",
                             "other.npz", "classes.txt", "test/a/1.png"}) {
        const auto folder = m_folder / std::to_string(std::string_view(name).size());
        writeText(folder / name, "somebody's original");
        const auto written = writeDataSet(tinySet({1, 3, 4}, digits(3)), folder);
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::BadInput);
        QCOMPARE(bytesOf(folder / name).size(), std::size_t(19));
    }
    writeText(m_folder / "notes" / "truth.csv", "not of a set");
    QVERIFY(writeDataSet(tinySet({1, 3, 4}, digits(3)), m_folder / "notes").has_value());
}

void ArraySetsTest::refusesNamesThatFillNoLine()
{
    for (const char* name : {"", "two\nlines", "a"}) {
        const auto written = writeDataSet(tinySet({1, 3, 4}, {"a", name}), m_folder / "out");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::BadInput);
    }
    QVERIFY(fs::is_empty(m_folder / "out"));
}

void ArraySetsTest::mapsUncompressedIdx()
{
    writeGoodIdx(m_folder);
    const auto data = read(m_folder);
    QVERIFY(data.has_value());
    QCOMPARE(sumOf(data->train), std::int64_t(2 * 12 * 7));
    fs::remove_all(m_folder);
    QCOMPARE(sumOf(data->train), std::int64_t(2 * 12 * 7));
}

void ArraySetsTest::countsIdxClassesOverAllParts()
{
    writeIdxPair(m_folder, "train", 2, {0, 1});
    writeIdxPair(m_folder, "t10k", 2, {1, 4});
    const auto data = read(m_folder);
    QVERIFY(data.has_value());
    QCOMPARE(data->classNames, digits(5));
}

void ArraySetsTest::namesIdxClasses()
{
    writeGoodIdx(m_folder);
    writeText(m_folder / "classes.txt", "left\r\nright\r\nnone\r\n\r\n");
    const auto data = read(m_folder);
    QVERIFY(data.has_value());
    QCOMPARE(data->classNames, (std::vector<std::string>{"left", "right", "none"}));

    writeText(m_folder / "classes.txt", "left\n\nright\n");
    refuses(read(m_folder), Error::Kind::BadInput, "classes.txt, line 2: no class name");
    writeText(m_folder / "classes.txt", "left\nleft\n");
    refuses(read(m_folder), Error::Kind::BadInput, "classes.txt, line 2: the class left is there twice");
}

void ArraySetsTest::refusesIdxLabelsWithoutAName()
{
    writeGoodIdx(m_folder);
    writeText(m_folder / "classes.txt", "only\n");
    refuses(read(m_folder), Error::Kind::BadInput,
            "train-labels-idx1-ubyte, byte 9: label 1, but classes.txt names 1 classes");
}

void ArraySetsTest::refusesBrokenIdx_data()
{
    QTest::addColumn<QByteArray>("as");
    QTest::addColumn<QByteArray>("says");

    const QByteArray images("train-images-idx3-ubyte");
    const QByteArray labels("t10k-labels-idx1-ubyte");
    QTest::newRow("idx-count-overflows.gz")
        << images << QByteArray("announces more data than the file can hold");
    QTest::newRow("idx-announces-terabytes.gz")
        << images << QByteArray("announces more data than the file can hold");
    QTest::newRow("idx-cut-short.gz") << images << QByteArray("is cut short at byte");
    QTest::newRow("idx-garbage-after-the-end.gz") << images << QByteArray("no gzip data follow the end");
    QTest::newRow("idx-checksum-wrong.gz") << images << QByteArray("incorrect data check");
    QTest::newRow("idx-more-than-announced.gz") << images << QByteArray("holds more than the 40 bytes");
    QTest::newRow("idx-less-than-announced") << images << QByteArray("byte 37: ends here");
    QTest::newRow("idx-images-without-width.gz") << images << QByteArray("images of 3 x 0 pixels");
    QTest::newRow("idx-of-floats") << images << QByteArray("byte 0: the magic number is 3331");
    QTest::newRow("idx-header-cut-short") << images << QByteArray("byte 9: the header is cut short");
    QTest::newRow("idx-three-images-two-labels") << images << QByteArray("2 labels, but");
    QTest::newRow("idx-labels-magic-of-images") << labels << QByteArray("byte 0: the magic number is 2051");
    QTest::newRow("empty.png") << labels << QByteArray("byte 0: the header is cut short");
}

void ArraySetsTest::refusesBrokenIdx()
{
    QFETCH(QByteArray, as);
    QFETCH(QByteArray, says);
    writeGoodIdx(m_folder);
    writeBytes(m_folder / as.toStdString(), bytesOf(brokenFiles / QTest::currentDataTag()));
    refuses(read(m_folder), Error::Kind::BadInput, says.toStdString());
}

void ArraySetsTest::needsEveryIdxFile()
{
    for (const char* name : {"t10k-images-idx3-ubyte", "train-labels-idx1-ubyte"}) {
        writeGoodIdx(m_folder);
        fs::remove(m_folder / name);
        refuses(read(m_folder), Error::Kind::NotFound, name);
    }
    writeGoodIdx(m_folder);
    writeIdxPair(m_folder, "t10k", 0, {});
    refuses(read(m_folder), Error::Kind::BadInput, "holds no test image");
}

void ArraySetsTest::readsCifarBatchesInNumericalOrder()
{
    for (const int number : {10, 2, 1}) {
        auto part = tinyPart(Part::Train, cifarShape, 1, 1);
        part.labels = {number % 10};
        writeBytes(m_folder / ("data_batch_" + std::to_string(number) + ".bin"), cifarBytes(part));
    }
    writeBytes(m_folder / "test_batch.bin", cifarBytes(tinyPart(Part::Test, cifarShape, 2, 2)));
    const auto data = read(m_folder);
    QVERIFY2(data.has_value(), data ? "" : data.error().text.c_str());
    QCOMPARE(data->train.labels, (std::vector<std::int32_t>{1, 2, 0}));
    QCOMPARE(data->train.sourceIndex, (std::vector<std::int64_t>{0, 1, 2}));
    QCOMPARE(data->classNames, digits(10));
}

void ArraySetsTest::oneBatchIsNotCopied()
{
    const auto part = tinyPart(Part::Train, cifarShape, 3, 2);
    writeBytes(m_folder / "data_batch_1.bin", cifarBytes(part));
    writeBytes(m_folder / "test_batch.bin", cifarBytes(tinyPart(Part::Test, cifarShape, 2, 2)));
    const auto data = read(m_folder);
    QVERIFY(data.has_value());
    QCOMPARE(data->train.stride(), std::int64_t(3073)); // the file's records, labels among them
    verifySame(data->train, part);
    verifySame(select(data->train, std::vector<std::int64_t>{2}), select(part, std::vector<std::int64_t>{2}));
    writeBytes(m_folder / "data_batch_2.bin", cifarBytes(part));
    QCOMPARE(read(m_folder)->train.stride(), std::int64_t(3072));
}

void ArraySetsTest::prefersThePlainBatch()
{
    writeBytes(m_folder / "data_batch_1.bin", cifarBytes(tinyPart(Part::Train, cifarShape, 2, 2)));
    writeText(m_folder / "data_batch_1.bin.gz", "never looked at");
    writeBytes(m_folder / "test_batch.bin", cifarBytes(tinyPart(Part::Test, cifarShape, 2, 2)));
    const auto data = read(m_folder);
    QVERIFY(data.has_value());
    QCOMPARE(data->train.size(), std::int64_t(2));
}

void ArraySetsTest::refusesBrokenCifar_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("cifar-cut-in-a-record.gz") << QByteArray("byte 3073: the last record is cut short");
    QTest::newRow("cifar-label-ten.gz") << QByteArray("byte 3073: label 10 where there are 10 classes");
}

void ArraySetsTest::refusesBrokenCifar()
{
    QFETCH(QByteArray, says);
    writeBytes(m_folder / "data_batch_1.bin.gz", bytesOf(brokenFiles / QTest::currentDataTag()));
    refuses(read(m_folder), Error::Kind::NotFound, "test_batch.bin");
    writeBytes(m_folder / "test_batch.bin", cifarBytes(tinyPart(Part::Test, cifarShape, 2, 2)));
    refuses(read(m_folder), Error::Kind::BadInput, says.toStdString());
}

void ArraySetsTest::refusesBrokenNpz_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("zip-bomb.npz") << QByteArray("entry train_images.npy: has 20000152 bytes");
    QTest::newRow("zip-announces-terabytes.npz")
        << QByteArray("entry train_images.npy: announces more bytes than its data can hold");
    QTest::newRow("zip-inflates-beyond-its-size.npz") << QByteArray("entry train_images.npy: ");
    QTest::newRow("zip-checksum-wrong.npz")
        << QByteArray("entry test_images.npy: its content is wrong (CRC error");
    QTest::newRow("zip-encrypted.npz") << QByteArray("entry train_images.npy: cannot be opened");
    QTest::newRow("zip-cut-short.npz") << QByteArray("is no whole .npz archive");
    QTest::newRow("npz-without-test-labels.npz") << QByteArray("entry test_labels.npy: is not there");
    QTest::newRow("npz-several-labels-an-image.npz") << QByteArray("train_labels.npy: has shape (2, 14)");
    QTest::newRow("npz-float-pixels.npz") << QByteArray("train_images.npy: pixels must be uint8");
    QTest::newRow("npz-three-labels-two-images.npz") << QByteArray("holds 3 labels for 2 images");
    QTest::newRow("npz-negative-label.npz")
        << QByteArray("train_labels.npy, row 1: the label is no class index");
    QTest::newRow("npz-volumes.npz") << QByteArray("train_images.npy: has shape (2, 3, 4, 5)");
    QTest::newRow("npz-object-labels.npz") << QByteArray("Python objects");
    QTest::newRow("npz-test-images-of-another-size.npz") << QByteArray("all parts need one shape");
}

void ArraySetsTest::refusesBrokenNpz()
{
    QFETCH(QByteArray, says);
    const auto file = brokenFiles / QTest::currentDataTag();
    refuses(read(file), Error::Kind::BadInput, says.toStdString());
}

void ArraySetsTest::saysWhatItLookedFor()
{
    refuses(read(m_folder / "absent"), Error::Kind::NotFound, "is not there");
    refuses(read(m_folder), Error::Kind::BadInput, "found nothing");
    writeText(m_folder / "notes.txt", "hello");
    refuses(read(m_folder), Error::Kind::BadInput, "data_batch_1.bin[.gz] (CIFAR)");
    refuses(read(m_folder), Error::Kind::BadInput, "found 1 other entries: notes.txt");
    refuses(read(m_folder / "notes.txt"), Error::Kind::BadInput, "is no data set");
    refuses(read("/dev/zero"), Error::Kind::BadInput, "is a device or a pipe");
}

void ArraySetsTest::refusesTwoSetsInOneFolder()
{
    writeGoodIdx(m_folder);
    writeBytes(m_folder / "data_batch_1.bin", cifarBytes(tinyPart(Part::Train, cifarShape, 2, 2)));
    refuses(read(m_folder), Error::Kind::BadInput, "holds both an idx and an cifar set");
}

void ArraySetsTest::recognisesByLooking()
{
    const auto data = npzBytes(tinySet({1, 3, 4}, digits(3)));
    QVERIFY(data.has_value());
    writeBytes(m_folder / "archive.csv", *data);
    QCOMPARE(*recognise(m_folder / "archive.csv"), Format::Npz);
    writeText(m_folder / "table.npz", "path,label,split\n");
    QCOMPARE(*recognise(m_folder / "table.npz"), Format::Manifest);
    writeText(m_folder / "other.csv", "path,label\n");
    QCOMPARE(recognise(m_folder / "other.csv").error().kind, Error::Kind::BadInput);
}

void ArraySetsTest::refusesImageFilesWithoutADecoder()
{
    if (imageDecoderPresent())
        QSKIP("this build can decode image files");
    writeText(m_folder / "train/a/1.png", "x");
    writeText(m_folder / "test/a/1.png", "x");
    refuses(read(m_folder), Error::Kind::Unsupported, "image files need OpenCV, which this build leaves out");
}

void ArraySetsTest::refusesMoreThanTheLimit()
{
    for (const auto shape : {ImageShape{1, 30, 40}, ImageShape{3, 32, 32}, ImageShape{3, 30, 40}}) {
        const auto folder = m_folder / std::to_string(shape.bytes());
        QVERIFY(writeDataSet(tinySet(shape, digits(3)), folder).has_value());
        QVERIFY(read(folder, {.maxBytes = 100'000}).has_value());
        const auto refused = read(folder, {.maxBytes = 5'000});
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == Error::Kind::OutOfMemory ||
                refused.error().kind == Error::Kind::BadInput);
    }
}

void ArraySetsTest::stopsWhenAsked()
{
    std::stop_source stop;
    stop.request_stop();
    for (const auto shape : {ImageShape{1, 3, 4}, ImageShape{3, 5, 4}}) {
        const auto folder = m_folder / std::to_string(shape.bytes());
        QVERIFY(writeDataSet(tinySet(shape, digits(3)), folder).has_value());
        const auto data = readDataSet(folder, {}, Monitor{stop.get_token(), {}});
        QVERIFY(!data);
        QCOMPARE(data.error().kind, Error::Kind::Cancelled);
    }
}

void ArraySetsTest::survivesCutsAndFlips_data()
{
    QTest::addColumn<DataSet>("data");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<std::size_t>("step"); // Every so many bytes: CIFAR's records are mostly pixels.

    QTest::newRow("idx") << tinySet({1, 2, 2}, digits(3)) << QByteArray("train-images-idx3-ubyte.gz")
                         << std::size_t(1);
    QTest::newRow("idx labels") << tinySet({1, 2, 2}, digits(3)) << QByteArray("t10k-labels-idx1-ubyte.gz")
                                << std::size_t(1);
    QTest::newRow("cifar") << tinySet({3, 32, 32}, digits(3)) << QByteArray("data_batch_1.bin")
                           << std::size_t(439);
    QTest::newRow("class names") << tinySet({3, 32, 32}, digits(3)) << QByteArray("batches.meta.txt")
                                 << std::size_t(1);
    QTest::newRow("npz") << tinySet({3, 2, 2}, {"a", "b"}) << QByteArray("data.npz") << std::size_t(1);
}

void ArraySetsTest::survivesCutsAndFlips()
{
    QFETCH(DataSet, data);
    QFETCH(QByteArray, file);
    QFETCH(std::size_t, step);
    QVERIFY(writeDataSet(data, m_folder).has_value());
    const auto path = m_folder / file.toStdString();
    const auto good = bytesOf(path);
    const auto tryReading = [&](std::span<const std::byte> bytes) {
        writeBytes(path, bytes);
        const auto read = readDataSet(m_folder, {}, {});
        if (read)
            verifySound(*read);
        else
            QVERIFY(!read.error().text.empty());
    };
    for (std::size_t length = 0; length < good.size(); length += step)
        tryReading(std::span(good).first(length));
    for (std::size_t at = 0; at < good.size(); at += step) {
        for (const int mask : {0x01, 0x80, 0xff}) {
            auto flipped = good;
            flipped[at] ^= static_cast<std::byte>(mask);
            tryReading(flipped);
        }
    }
}

QTEST_APPLESS_MAIN(ArraySetsTest)
#include "tst_array_sets.moc"
