// SPDX-License-Identifier: GPL-3.0-or-later
// Things side by side that go on in the next line where they do not fit, like words. Those that want to
// expand share what their line leaves over, so that a search field fills a wide bar and shrinks in a narrow
// one.
#pragma once

#include <QLayout>

#include <vector>

namespace culprit::ui {

class FlowLayout : public QLayout {
    Q_OBJECT

public:
    explicit FlowLayout(QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    void insertWidget(int index, QWidget* widget);
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;

    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    struct Line {
        std::vector<QLayoutItem*> items;
        int width = 0; ///< As the items want it, with the gaps.
        int height = 0;
        int expanding = 0;
    };

    std::vector<Line> linesFor(int width) const;
    void place(const Line& line, const QRect& area) const;

    std::vector<QLayoutItem*> m_items;
};

} // namespace culprit::ui
