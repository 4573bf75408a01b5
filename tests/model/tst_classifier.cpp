// SPDX-License-Identifier: GPL-3.0-or-later
// Models built, loaded, copied and written: whatever the way, the same numbers come out, and a model that
// does not fit the data is refused with words that help.
#include "model/classifier.h"
#include "model/forward.h"
#include "model/training.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape smallGrey{1, 12, 12};
constexpr data::ImageShape smallColour{3, 12, 12};

Classifier built(Architecture architecture, const ModelInput& input, std::uint64_t seed = 1)
{
    return need(Classifier::build(architecture, input, seed, "cpu"));
}

std::filesystem::path write(const QTemporaryDir& folder, const Classifier& classifier)
{
    const std::filesystem::path file = folder.filePath("model.pt").toStdString();
    const auto bytes = need(classifier.serialize());
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    return file;
}

std::filesystem::path write(const QTemporaryDir& folder, const ScriptModel& script)
{
    const std::filesystem::path file = folder.filePath("script.pt").toStdString();
    writeScript(file, script);
    return file;
}

/// Averages each channel, then a linear layer: takes any size, but three channels only.
ScriptModel channelMeans(std::int64_t channels, std::int64_t classes)
{
    return {.body = "    return torch.linear(torch.mean(x, [2, 3]), self.weight, self.bias)\n",
            .parameters = {{"weight", {classes, channels}, randomValues(classes * channels, 1.0, 3)},
                           {"bias", {classes}, randomValues(classes, 1.0, 4)}}};
}

QString errorOf(const Expected<Classifier>& classifier)
{
    return classifier ? QString("no error") : QString::fromStdString(classifier.error().text);
}

} // namespace

class ClassifierTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parameterCountIsTheLayers_data();
    void parameterCountIsTheLayers();
    void anyImageSizeWorks_data();
    void anyImageSizeWorks();
    void tooSmallAProblemIsRefused();
    void aSeedGivesTheWeights();
    void aFileGivesTheSameLogits_data();
    void aFileGivesTheSameLogits();
    void aCopyIsIndependent();
    void aCopyOnADeviceIsTheSameModel();
    void parametersGoBothWays();
    void tiedWeightsAreOneParameter();
    void partsWithoutGradientStay();
    void aModelWithoutAnyGradientIsTrained();
    void integerBuffersStayIntegers();
    void doublesBecomeFloats();
    void reinitialiseForgets();
    void reinitialiseKeepsWhatIsNotLearned();
    void greyImagesGoIntoAColourModel();
    void colourImagesGoIntoAGreyModel();
    void outputsBeyondTheClassesAreLeftOut();
    void misfitsAreRefused_data();
    void misfitsAreRefused();
    void aFrozenModuleIsRefused();
    void aBrokenFileIsRefused();
    void devicesByName_data();
    void devicesByName();
    void architecturesByName();
};

void ClassifierTest::parameterCountIsTheLayers_data()
{
    QTest::addColumn<int>("architecture");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("classes");
    QTest::addColumn<qint64>("count");
    const auto conv = [](qint64 in, qint64 out, qint64 kernel) { return in * out * kernel * kernel; };
    const auto block = [&](qint64 in, qint64 out) {
        const qint64 down = in == out ? 0 : conv(in, out, 1) + 2 * out;
        return conv(in, out, 3) + conv(out, out, 3) + 4 * out + down;
    };
    QTest::newRow("paper-cnn") << int(Architecture::PaperCnn) << 1 << 28 << 10 << qint64(105'424);
    QTest::newRow("paper-cnn in colour, odd size")
        << int(Architecture::PaperCnn) << 3 << 15 << 4
        << conv(3, 32, 5) + 32 + conv(32, 32, 5) + 32 + 32 * 3 * 3 * 50 + 50 + 50 * 4 + 4;
    QTest::newRow("resnet8") << int(Architecture::ResNet8) << 3 << 32 << 10
                             << conv(3, 16, 3) + 32 + block(16, 16) + block(16, 32) + block(32, 64) +
                                    64 * 10 + 10;
    QTest::newRow("vgg7") << int(Architecture::Vgg7) << 3 << 32 << 10
                          << conv(3, 24, 3) + 48 + conv(24, 32, 3) + conv(32, 32, 3) + 128 +
                                 conv(32, 128, 3) + 3 * conv(128, 128, 3) + 4 * 256 + 128 * 10 + 10;
    QTest::newRow("resnet18") << int(Architecture::ResNet18) << 3 << 32 << 10
                              << conv(3, 64, 3) + 128 + 2 * block(64, 64) + block(64, 128) + block(128, 128) +
                                     block(128, 256) + block(256, 256) + block(256, 512) + block(512, 512) +
                                     5130;
}

void ClassifierTest::parameterCountIsTheLayers()
{
    QFETCH(int, architecture);
    QFETCH(int, channels);
    QFETCH(int, side);
    QFETCH(int, classes);
    const Classifier classifier = built(Architecture(architecture), {{channels, side, side}, classes, {}});
    QTEST(qint64(classifier.parameterCount()), "count");
    QCOMPARE(classifier.outputs(), classes);
    QCOMPARE(classifier.device(), std::string("cpu"));
    QVERIFY(flatVectorIsTheModule(classifier));
    QVERIFY(isAtRest(classifier));
}

void ClassifierTest::anyImageSizeWorks_data()
{
    QTest::addColumn<int>("architecture");
    for (const auto architecture : {Architecture::PaperCnn, Architecture::ResNet8, Architecture::Vgg7})
        QTest::newRow(std::string(nameOf(architecture)).c_str()) << int(architecture);
}

void ClassifierTest::anyImageSizeWorks()
{
    QFETCH(int, architecture);
    for (const data::ImageShape shape : {data::ImageShape{1, 8, 8}, {3, 9, 13}, {1, 17, 8}}) {
        const Classifier classifier = built(Architecture(architecture), {shape, 2, {}});
        const auto predictions = need(predict(classifier, noisySet(3, 2, shape, 1), {}, {}));
        for (const float value : predictions.confidence)
            QVERIFY(value >= 0.5F && value <= 1.0F);
    }
}

void ClassifierTest::tooSmallAProblemIsRefused()
{
    const auto tiny = Classifier::build(Architecture::PaperCnn, {{1, 7, 28}, 10, {}}, 0, "cpu");
    QVERIFY(!tiny && tiny.error().kind == Error::Kind::BadInput);
    QVERIFY2(errorOf(tiny).contains("1 × 7 × 28") && errorOf(tiny).contains("8 × 8"),
             qPrintable(errorOf(tiny)));
    const auto one = Classifier::build(Architecture::PaperCnn, {smallGrey, 1, {}}, 0, "cpu");
    QVERIFY(!one && one.error().kind == Error::Kind::BadInput);
}

void ClassifierTest::aSeedGivesTheWeights()
{
    const ModelInput input{smallGrey, 3, {}};
    QCOMPARE(built(Architecture::ResNet8, input, 7).parameters(),
             built(Architecture::ResNet8, input, 7).parameters());
    QVERIFY(built(Architecture::ResNet8, input, 7).parameters() !=
            built(Architecture::ResNet8, input, 8).parameters());
}

void ClassifierTest::aFileGivesTheSameLogits_data()
{
    QTest::addColumn<int>("architecture");
    for (const auto architecture :
         {Architecture::PaperCnn, Architecture::ResNet8, Architecture::ResNet18, Architecture::Vgg7})
        QTest::newRow(std::string(nameOf(architecture)).c_str()) << int(architecture);
}

void ClassifierTest::aFileGivesTheSameLogits()
{
    QFETCH(int, architecture);
    const QTemporaryDir folder;
    const ModelInput input{smallColour, 3, need(preprocessingNamed("cifar10"))};
    const auto images = noisySet(5, 3, smallColour, 2);
    Classifier classifier = built(Architecture(architecture), input);
    need(train(classifier, images, {.epochs = 1, .batchSize = 5},
               {})); // running statistics that differ from fresh ones
    const Classifier again = need(Classifier::load(write(folder, classifier), input, "cpu"));
    QCOMPARE(exactLogits(again, images), exactLogits(classifier, images));
    QCOMPARE(again.parameters(), classifier.parameters());
    QCOMPARE(bufferValues(again), bufferValues(classifier));
    QCOMPARE(need(logLikelihoods(again, images, {}, {})), need(logLikelihoods(classifier, images, {}, {})));
    QVERIFY(flatVectorIsTheModule(again));
    QVERIFY(flatVectorIsTheModule(classifier)); // writing has put the parameters back where they were
}

void ClassifierTest::aCopyIsIndependent()
{
    const ModelInput input{smallGrey, 3, {}};
    const auto images = noisySet(9, 3, smallGrey, 2);
    Classifier original = built(Architecture::ResNet8, input);
    need(train(original, images, {.epochs = 1, .batchSize = 9}, {}));
    const auto parameters = original.parameters();
    const auto statistics = bufferValues(original);
    const auto before = need(logLikelihoods(original, images, {}, {}));

    Classifier copy = original.clone();
    QCOMPARE(copy.parameters(), parameters);
    QCOMPARE(bufferValues(copy), statistics);
    QCOMPARE(need(logLikelihoods(copy, images, {}, {})), before);
    QVERIFY(flatVectorIsTheModule(copy) && flatVectorIsTheModule(original));

    need(train(copy, images, {.epochs = 2, .batchSize = 4}, {}));
    QVERIFY(copy.parameters() != parameters);
    QVERIFY(bufferValues(copy) != statistics);
    QCOMPARE(original.parameters(), parameters);
    QCOMPARE(bufferValues(original), statistics);
    QCOMPARE(need(logLikelihoods(original, images, {}, {})), before);
}

void ClassifierTest::aCopyOnADeviceIsTheSameModel()
{
    const auto images = noisySet(6, 3, smallGrey, 1);
    QTemporaryDir folder;
    const ModelInput input{smallGrey, 3, need(preprocessingNamed("mnist"))};
    const Classifier original = need(Classifier::load(write(folder, channelMeans(3, 5)), input,
                                                      "cpu")); // grey repeated, two outputs left out
    Classifier copy = need(original.onDevice("cpu"));
    QCOMPARE(need(logLikelihoods(copy, images, {}, {})), need(logLikelihoods(original, images, {}, {})));
    QCOMPARE(copy.outputs(), 5);
    QVERIFY(flatVectorIsTheModule(copy));
    copy.reinitialise(7);
    QVERIFY(copy.parameters() != original.parameters());
    const auto nowhere = original.onDevice("cuda:99");
    QVERIFY(!nowhere);
    QVERIFY2(nowhere.error().text.find("cuda:99") != std::string::npos, nowhere.error().text.c_str());
}

void ClassifierTest::parametersGoBothWays()
{
    Classifier classifier = built(Architecture::PaperCnn, {smallGrey, 3, {}});
    const auto values = randomValues(classifier.parameterCount(), 0.1, 5);
    classifier.setParameters(values);
    QCOMPARE(classifier.parameters(), values);
    QVERIFY(flatVectorIsTheModule(classifier));
    QCOMPARE(classifier.clone().parameters(), values);
}

void ClassifierTest::tiedWeightsAreOneParameter()
{
    // Two names for one tensor, as where a layer is used twice.
    const QTemporaryDir folder;
    ScriptModel script = linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F});
    const Classifier plain = need(Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu"));
    script.tied = {{"again", "weight"}};
    const Classifier tied = need(Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu"));
    QCOMPARE(tied.parameterCount(), plain.parameterCount());
    QCOMPARE(tied.parameters(), plain.parameters());
    const auto images = noisySet(4, 2, {1, 2, 2}, 1);
    Classifier moved = tied.clone();
    moved.setParameters(randomValues(tied.parameterCount(), 1.0, 2));
    QVERIFY(exactLogits(moved, images) != exactLogits(tied, images));
    QCOMPARE(exactLogits(tied, images), exactLogits(plain, images));
}

void ClassifierTest::partsWithoutGradientStay()
{
    const QTemporaryDir folder;
    ScriptModel script = linearScript(3, 4, randomValues(12, 1.0, 1), {1.0F, 2.0F, 3.0F});
    script.parameters[0].trained = false;
    Classifier classifier = need(Classifier::load(write(folder, script), {{1, 2, 2}, 3, {}}, "cpu"));
    QCOMPARE(classifier.parameters(), (std::vector<float>{1.0F, 2.0F, 3.0F}));
    Classifier copy = classifier.clone();
    QCOMPARE(copy.parameterCount(), 3);
    const Classifier again = need(Classifier::load(write(folder, copy), {{1, 2, 2}, 3, {}}, "cpu"));
    QCOMPARE(again.parameterCount(), 3);

    const auto images = noisySet(6, 3, {1, 2, 2}, 1);
    classifier.reinitialise(1);
    classifier.setParameters(copy.parameters());
    QCOMPARE(exactLogits(classifier, images), exactLogits(copy, images));
}

void ClassifierTest::aModelWithoutAnyGradientIsTrained()
{
    // Exported for inference with every parameter's gradient switched off: the weights are there all the
    // same.
    const QTemporaryDir folder;
    ScriptModel script = linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F});
    for (auto& parameter : script.parameters)
        parameter.trained = false;
    const auto classifier = Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu");
    QVERIFY2(classifier, qPrintable(errorOf(classifier)));
    QCOMPARE(classifier->parameterCount(), 10);
}

void ClassifierTest::integerBuffersStayIntegers()
{
    // Window attention looks up its position biases by a buffer of indices.
    const QTemporaryDir folder;
    ScriptModel script = linearScript(2, 4, randomValues(8, 1.0, 1), {0.5F, -0.5F});
    script.indices = {1, 0};
    script.body = "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias[self.indices])\n";
    const auto classifier = Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu");
    QVERIFY2(classifier, qPrintable(errorOf(classifier)));
    const Classifier again = need(Classifier::load(write(folder, *classifier), {{1, 2, 2}, 2, {}}, "cpu"));
    const auto images = noisySet(4, 2, {1, 2, 2}, 1);
    QCOMPARE(exactLogits(again, images), exactLogits(*classifier, images));
}

void ClassifierTest::doublesBecomeFloats()
{
    const QTemporaryDir folder;
    ScriptModel script = linearScript(2, 4, randomValues(8, 1.0, 1), {0.5F, -0.5F});
    script.inDouble = true;
    const auto classifier = Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu");
    QVERIFY2(classifier, qPrintable(errorOf(classifier)));
    QCOMPARE(classifier->parameters()[0], script.parameters[0].values[0]);
}

void ClassifierTest::reinitialiseForgets()
{
    const ModelInput input{smallGrey, 3, {}};
    const auto images = noisySet(12, 3, smallGrey, 2);
    Classifier trained = built(Architecture::ResNet8, input, 1);
    need(train(trained, images, {.epochs = 3, .batchSize = 6}, {}));
    Classifier other = built(Architecture::ResNet8, input, 2);
    trained.reinitialise(9);
    other.reinitialise(9);
    QCOMPARE(trained.parameters(), other.parameters());
    QCOMPARE(bufferValues(trained), bufferValues(other)); // nothing of the training is left
    other.reinitialise(10);
    QVERIFY(trained.parameters() != other.parameters());
    for (const float value : trained.parameters())
        QVERIFY(std::isfinite(value) && std::abs(value) <= 1.0F);
    QVERIFY(flatVectorIsTheModule(trained));
}

void ClassifierTest::reinitialiseKeepsWhatIsNotLearned()
{
    // A model that normalises its input itself holds the constants in buffers; they are no running
    // statistics.
    const QTemporaryDir folder;
    ScriptModel script = linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F});
    script.buffers = {{"pixel_mean", {1}, {0.25F}},
                      {"pixel_std", {1}, {0.5F}},
                      {"norm_mean", {1}, {3.0F}},
                      {"norm_var", {1}, {4.0F}}};
    script.body = "    x = (x - self.pixel_mean) / self.pixel_std\n" + script.body;
    Classifier classifier = need(Classifier::load(write(folder, script), {{1, 2, 2}, 2, {}}, "cpu"));
    classifier.reinitialise(1);
    QCOMPARE(bufferValues(classifier), (std::vector<float>{0.25F, 0.5F, 0.0F, 1.0F}));
}

void ClassifierTest::greyImagesGoIntoAColourModel()
{
    const QTemporaryDir folder;
    const auto preprocessing = need(preprocessingNamed("imagenet"));
    const auto file = write(folder, channelMeans(3, 4));
    const Classifier grey = need(Classifier::load(file, {smallGrey, 4, preprocessing}, "cpu"));
    const Classifier colour = need(Classifier::load(file, {smallColour, 4, preprocessing}, "cpu"));
    const auto images = noisySet(6, 4, smallGrey, 1);
    data::ImageSet repeated = images;
    repeated.shape = smallColour;
    std::vector<std::uint8_t> pixels;
    for (std::int64_t row = 0; row < images.size(); ++row)
        for (int channel = 0; channel < 3; ++channel)
            pixels.insert(pixels.end(), images.image(row).begin(), images.image(row).end());
    repeated.pixels = data::PixelBuffer::of(std::move(pixels));
    // Each channel is normalised by its own constants, as the model saw them in training.
    QCOMPARE(exactLogits(grey, images), exactLogits(colour, repeated));
    QCOMPARE(exactLogits(grey.clone(), images), exactLogits(grey, images));
}

void ClassifierTest::colourImagesGoIntoAGreyModel()
{
    const QTemporaryDir folder;
    const auto file = write(folder, linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F}));
    const Classifier grey = need(Classifier::load(file, {{3, 2, 2}, 2, {}}, "cpu"));
    const auto predictions = need(predict(grey, noisySet(6, 2, {3, 2, 2}, 1), {}, {}));
    QCOMPARE(predictions.predicted.size(), std::size_t(6));
}

void ClassifierTest::outputsBeyondTheClassesAreLeftOut()
{
    const QTemporaryDir folder;
    ScriptModel script = linearScript(5, 4, randomValues(20, 0.1, 1), {0, 0, 0, 100, 100});
    const Classifier classifier = need(Classifier::load(write(folder, script), {{1, 2, 2}, 3, {}}, "cpu"));
    QCOMPARE(classifier.outputs(), 5);
    const auto predictions = need(predict(classifier, noisySet(9, 3, {1, 2, 2}, 1), {}, {}));
    for (std::size_t i = 0; i < 9; ++i) {
        QVERIFY(predictions.predicted[i] < 3 && predictions.alternative[i] < 3);
        QVERIFY(predictions.logLikelihood[i] > -10.0F);
    }
}

void ClassifierTest::misfitsAreRefused_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("too few outputs")
        << "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)\n"
        << "has 3 outputs but the data has 4 classes";
    QTest::newRow("another image size")
        << "    return torch.linear(torch.flatten(x[:, :, 1:], 1), self.weight, self.bias)\n"
        << "does not take images of 1 × 2 × 2";
    QTest::newRow("one output")
        << "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)[:, :1]\n"
        << "has one output";
    QTest::newRow("a map of logits") << "    return x\n"
                                     << "returns a tensor of shape [2, 1, 2, 2]";
    QTest::newRow("a value for all") << "    return torch.sum(x)\n"
                                     << "logits of shape (N, classes)";
    QTest::newRow("classes") << "    return torch.argmax(torch.flatten(x, 1), 1, True)\n"
                             << "needs logits";
    QTest::newRow("a pair") << "    return (x, x)\n"
                            << "does not take images";
}

void ClassifierTest::misfitsAreRefused()
{
    QFETCH(QString, body);
    QFETCH(QString, says);
    const QTemporaryDir folder;
    ScriptModel script = linearScript(3, 4, randomValues(12, 1.0, 1), {0.0F, 0.0F, 0.0F});
    script.body = body.toStdString();
    const auto file = write(folder, script);
    const auto classifier = Classifier::load(file, {{1, 2, 2}, 4, {}}, "cpu");
    QVERIFY(!classifier);
    QCOMPARE(classifier.error().kind, Error::Kind::BadInput);
    QVERIFY2(errorOf(classifier).contains(says), qPrintable(errorOf(classifier)));
    QVERIFY(errorOf(classifier).startsWith(QString::fromStdString(file.string())));
    QVERIFY(!errorOf(classifier).contains('\n'));
}

void ClassifierTest::aFrozenModuleIsRefused()
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("frozen.pt").toStdString();
    writeFrozenScript(file, linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F}));
    const auto classifier = Classifier::load(file, {{1, 2, 2}, 2, {}}, "cpu");
    QVERIFY(!classifier);
    QCOMPARE(classifier.error().kind, Error::Kind::Unsupported);
    QVERIFY2(errorOf(classifier).contains("frozen") &&
                 errorOf(classifier).contains("before torch.jit.freeze"),
             qPrintable(errorOf(classifier)));
}

void ClassifierTest::aBrokenFileIsRefused()
{
    const QTemporaryDir folder;
    const auto file = write(folder, built(Architecture::PaperCnn, {smallGrey, 2, {}}));
    const auto missing = Classifier::load(file.string() + "x", {smallGrey, 2, {}}, "cpu");
    QVERIFY(!missing && missing.error().kind == Error::Kind::NotFound);
    const auto size = std::filesystem::file_size(file);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(std::streamoff(size / 2));
    stream.write(std::string(64, 'x').data(), 64);
    stream.close();
    const auto damaged = Classifier::load(file, {smallGrey, 2, {}}, "cpu");
    if (!damaged) // LibTorch does not check every entry's checksum
        QVERIFY2(errorOf(damaged).startsWith(QString::fromStdString(file.string())),
                 qPrintable(errorOf(damaged)));
    std::filesystem::resize_file(file, size / 2);
    const auto half = Classifier::load(file, {smallGrey, 2, {}}, "cpu");
    QVERIFY(!half);
    QCOMPARE(half.error().kind, Error::Kind::BadInput);
}

void ClassifierTest::devicesByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("kind");
    QTest::newRow("tpu") << "tpu" << int(Error::Kind::BadInput);
    QTest::newRow("nothing") << "" << int(Error::Kind::BadInput);
    QTest::newRow("no number") << "cuda:" << int(Error::Kind::BadInput);
    QTest::newRow("not a number") << "cuda:x" << int(Error::Kind::BadInput);
    QTest::newRow("negative") << "cuda:-1" << int(Error::Kind::BadInput);
    QTest::newRow("too long") << "cuda:12345678901" << int(Error::Kind::BadInput);
    QTest::newRow("none such") << "cuda:99" << int(Error::Kind::Unsupported);
}

void ClassifierTest::devicesByName()
{
    QFETCH(QString, name);
    QFETCH(int, kind);
    const auto device = resolveDevice(name.toStdString());
    QVERIFY(!device);
    QCOMPARE(int(device.error().kind), kind);
    QCOMPARE(need(resolveDevice("cpu")), std::string("cpu"));
    const auto automatic = need(resolveDevice("auto"));
    QVERIFY(automatic == "cpu" || automatic == "cuda:0");
}

void ClassifierTest::architecturesByName()
{
    for (const auto architecture :
         {Architecture::PaperCnn, Architecture::ResNet18, Architecture::ResNet8, Architecture::Vgg7})
        QCOMPARE(need(architectureNamed(nameOf(architecture))), architecture);
    const auto none = architectureNamed("lenet");
    QVERIFY(!none && none.error().kind == Error::Kind::BadInput);
    for (const char* name : {"lenet", "paper-cnn", "resnet18", "resnet8", "vgg7"})
        QVERIFY(none.error().text.find(name) != std::string::npos);
}

QTEST_APPLESS_MAIN(ClassifierTest)
#include "tst_classifier.moc"
