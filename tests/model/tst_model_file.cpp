// SPDX-License-Identifier: GPL-3.0-or-later
// What a file offered as a model really is. Each format is made here byte by byte as its writer would begin
// it.
#include "model/model_file.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <memory>
#include <zip.h>

using namespace culprit;
using namespace culprit::model;

namespace {

using Entries = QList<std::pair<QByteArray, QByteArray>>;

const QByteArray protocol2("\x80\x02", 2);
const QByteArray legacyMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);

std::filesystem::path writeZip(const QTemporaryDir& folder, const Entries& entries)
{
    const auto file = folder.filePath("model.pt").toStdString();
    int code = 0;
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const auto& [name, bytes] : entries)
        zip_file_add(archive, name.constData(),
                     zip_source_buffer(archive, bytes.constData(), std::size_t(bytes.size()), 0),
                     ZIP_FL_OVERWRITE);
    if (zip_close(archive) != 0)
        qFatal("the archive could not be written");
    return file;
}

std::filesystem::path writeBytes(const QTemporaryDir& folder, const QByteArray& bytes)
{
    const auto file = folder.filePath("model.pt").toStdString();
    std::ofstream(file, std::ios::binary).write(bytes.constData(), bytes.size());
    return file;
}

void verifyRefused(const std::filesystem::path& file, ModelFile kind, const QStringList& words)
{
    QCOMPARE(need(recogniseModelFile(file)), kind);
    const auto required = requireTorchScript(file);
    QVERIFY(!required);
    QCOMPARE(required.error().kind,
             kind == ModelFile::Unknown ? Error::Kind::BadInput : Error::Kind::Unsupported);
    const auto text = QString::fromStdString(required.error().text);
    QVERIFY(text.startsWith(QString::fromStdString(file.string())));
    for (const auto& word : words)
        QVERIFY2(text.contains(word), qPrintable(text));
}

} // namespace

class ModelFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void archives_data();
    void archives();
    void plainFiles_data();
    void plainFiles();
    void torchScriptPasses();
    void missingAndUnreadable();
};

void ModelFileTest::archives_data()
{
    QTest::addColumn<Entries>("entries");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QStringList>("words");
    const auto pickle = [](const QByteArray& bytes) {
        return Entries{{"archive/data.pkl", protocol2 + bytes}, {"archive/version", "3\n"}};
    };
    const QStringList script{"torch.jit.script"};
    QTest::newRow("state dict") << pickle("ccollections\nOrderedDict\nq\x01)Rq") << int(ModelFile::StateDict)
                                << QStringList{"load_state_dict", "torch.jit.script"};
    QTest::newRow("plain dict of tensors") << pickle("}q\x01(X\x0b\x01\x01\x01"
                                                     "conv1.weight")
                                           << int(ModelFile::StateDict) << script;
    QTest::newRow("checkpoint with an epoch") << pickle("}q\x01(X\x05\x01\x01\x01"
                                                        "epochq\x02K\x03X")
                                              << int(ModelFile::StateDict) << script;
    QTest::newRow("a tensor alone") << pickle("ctorch._utils\n_rebuild_tensor_v2\nq")
                                    << int(ModelFile::StateDict) << script;
    QTest::newRow("module of one's own")
        << pickle("c__main__\nNet\nq\x01)\x81") << int(ModelFile::PickledModule)
        << QStringList{"torch.load", "torch.jit.script"};
    QTest::newRow("module of a library")
        << pickle("ctorchvision.models.resnet\nResNet\nq") << int(ModelFile::PickledModule) << script;
    QTest::newRow("export, older") << Entries{{"serialized_exported_program.json", "{}"}, {"version", "4"}}
                                   << int(ModelFile::ExportedProgram) << QStringList{"torch.export"};
    QTest::newRow("export, newer") << Entries{{"m/archive_format", "pt2"},
                                              {"m/models/model.json", "{}"},
                                              {"m/data.pkl", "x"}}
                                   << int(ModelFile::ExportedProgram) << QStringList{"torch.export"};
    QTest::newRow("Keras 3") << Entries{{"config.json", "{}"}, {"model.weights.h5", "x"}}
                             << int(ModelFile::Keras) << QStringList{"Keras"};
    QTest::newRow("some other zip") << Entries{{"readme.txt", "hello"}} << int(ModelFile::Unknown) << script;
    QTest::newRow("code without data")
        << Entries{{"m/code/__torch__.py", "x"}} << int(ModelFile::Unknown) << script;
}

void ModelFileTest::archives()
{
    QFETCH(Entries, entries);
    QFETCH(int, kind);
    QFETCH(QStringList, words);
    const QTemporaryDir folder;
    verifyRefused(writeZip(folder, entries), ModelFile(kind), words);
}

void ModelFileTest::plainFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QStringList>("words");
    const QByteArray safetensors =
        QByteArray("\x40\0\0\0\0\0\0\0", 8) + R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
    QTest::newRow("legacy state dict") << legacyMagic + "ccollections\nOrderedDict\n"
                                       << int(ModelFile::StateDict) << QStringList{"load_state_dict"};
    QTest::newRow("legacy module") << legacyMagic + "ctorch.nn.modules.container\nSequential\n"
                                   << int(ModelFile::PickledModule) << QStringList{"torch.load"};
    QTest::newRow("bare pickle") << protocol2 + "ccollections\nOrderedDict\n"
                                 << int(ModelFile::StateDict) << QStringList{"load_state_dict"};
    QTest::newRow("ONNX") << QByteArray("\x08\x07\x12\x07pytorch\x1a\x05") << int(ModelFile::Onnx)
                          << QStringList{"ONNX"};
    QTest::newRow("safetensors") << safetensors << int(ModelFile::Safetensors) << QStringList{"safetensors"};
    QTest::newRow("HDF5") << QByteArray("\x89HDF\r\n\x1a\n\0\0\0\0", 12) << int(ModelFile::Keras)
                          << QStringList{"Keras"};
    QTest::newRow("TensorFlow Lite") << QByteArray("\x1c\0\0\0TFL3\0\0\0\0", 12) << int(ModelFile::TfLite)
                                     << QStringList{"TensorFlow Lite"};
    QTest::newRow("empty") << QByteArray() << int(ModelFile::Unknown) << QStringList{"torch.jit.script"};
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n\x1a\n") << int(ModelFile::Unknown)
                               << QStringList{"torch.jit.script"};
    QTest::newRow("a zip cut short") << QByteArray("PK\x03\x04\x14\0\0\0", 8) << int(ModelFile::Unknown)
                                     << QStringList{"torch.jit.script"};
}

void ModelFileTest::plainFiles()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    QFETCH(QStringList, words);
    const QTemporaryDir folder;
    verifyRefused(writeBytes(folder, bytes), ModelFile(kind), words);
}

void ModelFileTest::torchScriptPasses()
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("model.pt").toStdString();
    writeScript(file, linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F}));
    QCOMPARE(need(recogniseModelFile(file)), ModelFile::TorchScript);
    QVERIFY(requireTorchScript(file));
    writeFrozenScript(file, linearScript(2, 4, randomValues(8, 1.0, 1), {0.0F, 0.0F}));
    QCOMPARE(need(recogniseModelFile(file)), ModelFile::TorchScript); // seen only once it is loaded
}

void ModelFileTest::missingAndUnreadable()
{
    const QTemporaryDir folder;
    const auto missing = recogniseModelFile(folder.filePath("none.pt").toStdString());
    QVERIFY(!missing && missing.error().kind == Error::Kind::NotFound);
    const auto directory = recogniseModelFile(folder.path().toStdString());
    QVERIFY(!directory && directory.error().kind == Error::Kind::BadInput);
}

QTEST_APPLESS_MAIN(ModelFileTest)
#include "tst_model_file.moc"
