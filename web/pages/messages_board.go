package pages

// boardMessages are those of page_board.go.
var boardMessages = messages{}
