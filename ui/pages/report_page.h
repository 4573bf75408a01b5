// SPDX-License-Identifier: GPL-3.0-or-later
// Step 5: the report as it will look on paper, and everything that can be saved.
#pragma once

#include "pages/page.h"
#include "pages/report_files.h"

#include <QTimer>
#include <QVBoxLayout>
#include <memory>

class QScrollArea;
class QStackedLayout;
class QTextBrowser;
class QTextDocument;

namespace culprit::ui {

class NoticeBar;
class SaveRow;
class StatePanel;

class ReportPage : public Page {
    Q_OBJECT

public:
    explicit ReportPage(const Workplace& workplace, QWidget* parent = nullptr);
    ~ReportPage() override;

    /// Sentences that every report begins with.
    void setBanners(const QStringList& banners);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Row {
        QString name;
        SaveRow* widget;
    };

    void arrange();
    QWidget* makeFilesColumn();
    SaveRow* addRow(QVBoxLayout* column, const QString& name, const QString& title, const QString& what);
    void connectInvestigation();

    void findingsChanged();
    void decisionsChanged();
    void refresh();
    void refreshRows();
    void refreshRow(const Row& row);
    void refreshNotices();
    void refreshPreview();
    void showDocument(const std::shared_ptr<QTextDocument>& document);
    void wantPictures();
    void askWhatItRanOn();
    void takeResult(const QByteArray& json);
    ReportContent content() const;
    std::optional<report::ReviewSection> reviewSection() const;

    void chooseFile(const QString& name);
    void chooseFolder();
    void saveAfterAsking(SaveRow* row, const QString& shown, const QList<FileToSave>& files,
                         const QStringList& replaced);
    void modelSaved(const QString& path);
    void save(SaveRow* row, const QString& shown, const QList<FileToSave>& files);

    NoticeBar* m_notices;
    StatePanel* m_panel;
    QTextBrowser* m_preview;
    std::shared_ptr<QTextDocument> m_document; ///< What the preview shows.
    quint64 m_version = 0;                     ///< Of the preview that was asked for last.
    QWidget* m_body;
    QStackedLayout* m_stack;
    QScrollArea* m_files = nullptr;
    QList<Row> m_rows;
    SaveRow* m_all = nullptr;
    QStringList m_banners;
    QString m_folder; ///< Where was saved last.

    ThumbnailStore m_thumbnails;
    QTimer m_refreshSoon; ///< Many changes, one preview.
    bool m_isOutdated = true;
    std::optional<report::Result> m_result; ///< As the engine tells it; nothing until it has.
    quint64 m_question = 0;                 ///< Of askWhatItRanOn(): the latest wins.
};

} // namespace culprit::ui
