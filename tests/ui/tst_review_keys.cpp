// SPDX-License-Identifier: GPL-3.0-or-later
#include "fatal_warnings.h"

#include "dialogs/keys_dialog.h"
#include "dialogs/settings_dialog.h"
#include "models/review_keys.h"

#include <QAction>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace culprit::ui;

class ReviewKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnAnyWarning(); }
    void usualKeysDoNotCollide();
    void takenKeysAreRefusedWithASentence_data();
    void takenKeysAreRefusedWithASentence();
    void actionsFollowTheTable();
    void keysAreStoredAndExchanged();
    void storedNonsenseIsPassedOver();
    void sheetListsTheTable();
    void dialogBindsAnew();
};

void ReviewKeysTest::usualKeysDoNotCollide()
{
    const ReviewKeys keys;
    QCOMPARE(keys.entries().size(), 24);
    for (const KeyEntry& entry : keys.entries()) {
        QVERIFY2(!entry.usual.isEmpty(), qPrintable(entry.name));
        QVERIFY2(keys.objectionTo(entry.name, entry.usual).isEmpty(), qPrintable(entry.name));
    }
}

void ReviewKeysTest::takenKeysAreRefusedWithASentence_data()
{
    QTest::addColumn<QKeySequence>("key");
    QTest::addColumn<QString>("words");
    QTest::newRow("another decision") << QKeySequence(Qt::Key_X) << "X is taken: “Exclude from training”";
    QTest::newRow("the loupe") << QKeySequence(Qt::Key_BracketLeft) << "“Previous image”";
    QTest::newRow("the menu") << QKeySequence(Qt::CTRL | Qt::Key_O) << "menu: “Open model and data…”";
    QTest::newRow("the grid") << QKeySequence(Qt::Key_Space) << "grid, for selecting";
    QTest::newRow("two presses") << QKeySequence(Qt::Key_A, Qt::Key_B) << "one key press";
}

void ReviewKeysTest::takenKeysAreRefusedWithASentence()
{
    QFETCH(QKeySequence, key);
    QFETCH(QString, words);
    ReviewKeys keys;
    keys.setOtherKeys({{Qt::CTRL | Qt::Key_O, QStringLiteral("Open model and data…")}});
    const QString objection = keys.objectionTo(QStringLiteral("review.keep"), key);
    QVERIFY2(objection.contains(words), qPrintable(objection));
    QSignalSpy changed(&keys, &ReviewKeys::changed);
    keys.setKey(QStringLiteral("review.keep"), key);
    QVERIFY(changed.isEmpty());
    QCOMPARE(keys.key(QStringLiteral("review.keep")), QKeySequence(Qt::Key_K));
}

void ReviewKeysTest::actionsFollowTheTable()
{
    ReviewKeys keys;
    QAction keep;
    keep.setObjectName(QStringLiteral("review.keep"));
    QAction stranger;
    stranger.setShortcut(Qt::Key_Q);
    keys.bind(&keep);
    keys.bind(&stranger);
    QCOMPARE(keep.shortcut(), QKeySequence(Qt::Key_K));
    QCOMPARE(keep.toolTip(), QStringLiteral("Keep: the label is right (K)"));
    keys.setKey(QStringLiteral("review.keep"), Qt::Key_Y);
    QCOMPARE(keep.shortcut(), QKeySequence(Qt::Key_Y));
    QCOMPARE(keep.toolTip(), QStringLiteral("Keep: the label is right (Y)"));
    keys.setKey(QStringLiteral("review.keep"), {});
    QCOMPARE(keep.toolTip(), QStringLiteral("Keep: the label is right"));
    QVERIFY(!keys.isUsual());
    keys.useUsualKeys();
    QCOMPARE(keep.shortcut(), QKeySequence(Qt::Key_K));
    QVERIFY(keys.isUsual());
    QCOMPARE(stranger.shortcut(), QKeySequence(Qt::Key_Q));
}

void ReviewKeysTest::keysAreStoredAndExchanged()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("keys.ini"));
    ReviewKeys keys;
    keys.setKey(QStringLiteral("review.keep"), Qt::Key_Y);
    keys.setKey(QStringLiteral("review.exclude"), Qt::Key_K);
    keys.setKey(QStringLiteral("review.keep"), Qt::Key_X);
    keys.setKey(QStringLiteral("review.flag"), {});
    {
        QSettings store(file, QSettings::IniFormat);
        keys.write(store);
    }
    ReviewKeys again;
    again.read(QSettings(file, QSettings::IniFormat));
    QCOMPARE(again.key(QStringLiteral("review.exclude")), QKeySequence(Qt::Key_K));
    QCOMPARE(again.key(QStringLiteral("review.keep")), QKeySequence(Qt::Key_X));
    QCOMPARE(again.key(QStringLiteral("review.flag")), QKeySequence());
    QCOMPARE(again.key(QStringLiteral("review.note")), QKeySequence(Qt::Key_N));
    again.useUsualKeys();
    QSettings store(file, QSettings::IniFormat);
    again.write(store);
    QVERIFY(store.allKeys().isEmpty());
}

void ReviewKeysTest::storedNonsenseIsPassedOver()
{
    const QTemporaryDir folder;
    QSettings store(folder.filePath(QStringLiteral("keys.ini")), QSettings::IniFormat);
    store.setValue(QStringLiteral("keys/review.keep"), QStringLiteral("Space"));
    store.setValue(QStringLiteral("keys/review.flag"), QStringLiteral("N"));
    store.setValue(QStringLiteral("keys/nobody"), QStringLiteral("Q"));
    ReviewKeys keys;
    keys.read(store);
    QVERIFY(keys.isUsual());
}

void ReviewKeysTest::sheetListsTheTable()
{
    ReviewKeys keys;
    keys.setKey(QStringLiteral("review.keep"), Qt::Key_Y);
    const KeysDialog sheet({}, keys);
    QStringList texts;
    for (const QLabel* label : sheet.findChildren<QLabel*>())
        texts << label->text();
    for (const KeyEntry& entry : keys.entries())
        QVERIFY2(texts.contains(entry.text), qPrintable(entry.text));
    QVERIFY(texts.contains(QStringLiteral("Y")));
    QVERIFY(!texts.contains(QStringLiteral("K")));
}

void ReviewKeysTest::dialogBindsAnew()
{
    ReviewKeys keys;
    SettingsDialog dialog(&keys);
    dialog.show();
    auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("settings.keys"));
    auto* field = dialog.findChild<QKeySequenceEdit*>(QStringLiteral("settings.key"));
    auto* answer = dialog.findChild<QLabel*>(QStringLiteral("settings.answer"));
    QCOMPARE(list->topLevelItemCount(), keys.entries().size());
    QCOMPARE(list->currentItem()->text(1), QStringLiteral("K"));
    field->setFocus();
    QTest::keyClick(field, Qt::Key_Y);
    QTRY_COMPARE(keys.key(QStringLiteral("review.keep")), QKeySequence(Qt::Key_Y));
    QCOMPARE(list->currentItem()->text(1), QStringLiteral("Y"));
    QTest::keyClick(field, Qt::Key_X);
    QTRY_VERIFY(answer->text().contains(QStringLiteral("X is taken")));
    QCOMPARE(keys.key(QStringLiteral("review.keep")), QKeySequence(Qt::Key_Y));
    QCOMPARE(field->keySequence(), QKeySequence(Qt::Key_Y));
    QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("settings.none")), Qt::LeftButton);
    QCOMPARE(list->currentItem()->text(1), QStringLiteral("none"));
    QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("settings.usual")), Qt::LeftButton);
    QCOMPARE(list->currentItem()->text(1), QStringLiteral("K"));
    QVERIFY(keys.isUsual());
}

QTEST_MAIN(ReviewKeysTest)
#include "tst_review_keys.moc"
