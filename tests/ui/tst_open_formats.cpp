// SPDX-License-Identifier: GPL-3.0-or-later
// A person who has never seen the window: model, data, Open, in each of the formats. Three decisions, and the
// failures are there.
#include "fatal_warnings.h"
#include "tiny_sets.h"
#include "window_path.h"

#include "data/io/write_data_set.h"
#include "models/english_plurals.h"

#include <QImage>
#include <QLineEdit>
#include <QProcess>
#include <QSettings>

using namespace culprit;
using namespace culprit::ui;

namespace {

/// The images as files, PART/CLASS/NUMBER.png beneath `folder`; their paths, relative, and labels as a
/// manifest.
QByteArray writePictures(const data::DataSet& data, const QDir& folder)
{
    QByteArray manifest("path,label,split\n");
    for (const data::ImageSet* part : {&data.train, &data.test}) {
        const auto name = std::string(data::nameOf(part->part));
        for (std::int64_t row = 0; row < part->size(); ++row) {
            const std::string& label =
                data.classNames[static_cast<std::size_t>(part->labels[static_cast<std::size_t>(row)])];
            const auto at = QString::fromStdString(name + '/' + label);
            folder.mkpath(at);
            const QString path = QStringLiteral("%1/%2.png").arg(at).arg(row);
            const QImage image(part->image(row).data(), static_cast<int>(part->shape.width),
                               static_cast<int>(part->shape.height), static_cast<int>(part->shape.width),
                               QImage::Format_Grayscale8);
            image.save(folder.filePath(path));
            manifest += path.toUtf8() + ',' + QByteArray::fromStdString(label + ',' + name) + '\n';
        }
    }
    return manifest;
}

} // namespace

class TestOpenFormats : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString written(const data::DataSet& data, const QString& name)
    {
        const QString folder = m_folder.filePath(name);
        const auto done = data::writeDataSet(data, folder.toStdString());
        return done ? folder : QString();
    }

    /// A model that fits; how well it does is no matter.
    QString modelFor(const QString& data)
    {
        const QString model = data + ".pt";
        QProcess process;
        process.start(CULPRIT_CLI, {"train", "--quiet", "--data", data, "--arch", "resnet8", "--epochs", "1",
                                    "--out", model});
        process.waitForFinished(WindowPath::patience);
        return process.exitCode() == 0 ? model : QString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.filePath("settings"));
    }

    void init() { failOnAnyWarning(); }

    void threeDecisionsLeadToTheFailures_data()
    {
        const std::vector<std::string> names{"0", "1", "2"};
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("format");
        QTest::newRow("IDX") << written(data::tinySet({1, 28, 28}, names), "idx") << "idx";
        QTest::newRow("CIFAR") << written(data::tinySet({3, 32, 32}, names), "cifar") << "cifar";
        QTest::newRow("NPZ") << written(data::tinySet({3, 28, 28}, names), "npz") + "/data.npz"
                             << "npz";
        const QDir pictures(m_folder.filePath("pictures"));
        const QByteArray manifest =
            writePictures(data::tinySet({1, 28, 28}, {"cat", "dog", "emu"}), pictures);
        QTest::newRow("image folder") << pictures.path() << "folder";
        QFile file(m_folder.filePath("pictures/all.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(manifest);
        QTest::newRow("manifest") << file.fileName() << "manifest";
    }

    void threeDecisionsLeadToTheFailures()
    {
        QFETCH(QString, data);
        QFETCH(QString, format);
        const QString model = modelFor(data);
        QVERIFY(!model.isEmpty());
        WindowPath path;
        QVERIFY(path.isExposed());
        path.window().startEngine();
        QVERIFY(path.click("start.open"));
        QTest::keyClicks(path.find("data.model"), model);
        QTest::keyClicks(path.find("data.path"), data);
        QTest::keyClick(path.find("data.path"), Qt::Key_Return);
        QVERIFY(WindowPath::waitUntil([&] { return path.findings().evaluation && path.isSettled(); }));
        QCOMPARE(path.findings().data->format, format);
        QCOMPARE(path.findings().data->train.images, 7);
        QVERIFY(path.click("data.next"));
        QTRY_COMPARE(path.find<StepRail>("steps")->currentStep(), Step::Failures);
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName("culprit-test");
    QCoreApplication::setApplicationName("culprit");
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    TestOpenFormats test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_open_formats.moc"
