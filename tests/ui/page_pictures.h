// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of whole pages for the gallery: each state in light, dark and a language of long words.
#pragma once

#include "frame_samples.h"

#include "models/english_plurals.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QDir>
#include <QImage>
#include <QLayout>
#include <QSet>
#include <QTest>
#include <QVBoxLayout>
#include <QWidget>

#include <algorithm>
#include <functional>
#include <memory>

namespace samples {

struct PageExhibit {
    QString name;
    QSize size;
    std::function<std::unique_ptr<QWidget>()> make;
};

/// Columns and rows for a data function: every exhibit in every look.
inline void addExhibits(const QList<PageExhibit>& exhibits)
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("longWords");
    for (const PageExhibit& exhibit : exhibits) {
        QTest::addRow("%s", qPrintable(exhibit.name)) << exhibit.name << false << false;
        QTest::addRow("%s dark", qPrintable(exhibit.name)) << exhibit.name << true << false;
        QTest::addRow("%s long", qPrintable(exhibit.name)) << exhibit.name << false << true;
    }
}

inline int coloursIn(const QImage& image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            colours.insert(image.pixel(x, y));
    }
    return static_cast<int>(colours.size());
}

/// Renders one exhibit into `folder`; false where it came out blank or could not be saved.
inline bool renderExhibit(const PageExhibit& exhibit, const QString& folder, bool dark, bool longWords,
                          culprit::ui::Theme& theme)
{
    LongTranslator longTranslator;
    culprit::ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    if (longWords)
        QCoreApplication::installTranslator(&longTranslator);
    theme.setScheme(dark ? culprit::ui::Theme::Scheme::Dark : culprit::ui::Theme::Scheme::Light);
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(exhibit.make().release());
    window.resize(exhibit.size);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window))
        return false;
    QTest::qWait(60); // pictures and file checks come a moment later
    const QImage picture = window.grab().toImage();
    const QString file = QStringLiteral("%1/%2%3%4%5.png")
                             .arg(folder, exhibit.name, dark ? "-dark" : "", longWords ? "-long" : "",
                                  window.devicePixelRatioF() > 1.0 ? "@2x" : "");
    return QDir().mkpath(folder) && coloursIn(picture) > 8 && picture.save(file);
}

/// The exhibit of the test's current row into the gallery.
inline bool renderCurrent(const QList<PageExhibit>& exhibits, culprit::ui::Theme& theme)
{
    QFETCH(QString, name);
    QFETCH(bool, dark);
    QFETCH(bool, longWords);
    const auto exhibit = std::find_if(exhibits.begin(), exhibits.end(),
                                      [&](const PageExhibit& other) { return other.name == name; });
    return exhibit != exhibits.end() &&
           renderExhibit(*exhibit, QStringLiteral(CULPRIT_GALLERY), dark, longWords, theme);
}

} // namespace samples
