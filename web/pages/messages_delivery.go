package pages

// deliveryMessages are those of page_delivery.go.
var deliveryMessages = messages{}
